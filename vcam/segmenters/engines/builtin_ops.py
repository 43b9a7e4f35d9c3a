"""Replacing MediaPipe's custom operation, which LiteRT has only in XNNPACK, by a built-in one.

On processors that XNNPACK does not know, or does not recognize, the selfie networks would fail:
"unresolved custom op: Convolution2DTransposeBias".
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

CUSTOM = "Convolution2DTransposeBias"
"""A transposed convolution with a bias.

https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/mediapipe/util/tflite/operations/transpose_conv_bias.cc
"""
_WITH_BIAS = 3  # the version of TRANSPOSE_CONV that takes one
_PADDINGS = {1: 0, 2: 1}  # TfLitePadding to the schema's Padding: same, valid


def with_builtin_ops(model: bytes) -> bytes:
    """The same network with TRANSPOSE_CONV in place of `CUSTOM`.

    Args:
        model: A .tflite file's content.

    Returns:
        Another one's, without its metadata's file at the end.

    Raises:
        ValueError: Its structure is unknown.
    """
    import flatbuffers  # LiteRT brings it
    from ai_edge_litert import schema_py_generated as schema

    network = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    for code in network.operatorCodes:
        if code.customCode == CUSTOM.encode():
            code.customCode, code.version = None, _WITH_BIAS
            code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.TRANSPOSE_CONV
            index = network.operatorCodes.index(code)
            for graph in network.subgraphs:
                for operator in graph.operators:
                    if operator.opcodeIndex == index:
                        _replace(operator, graph, network, schema)
    network.metadata = None
    builder = flatbuffers.Builder(len(model))
    builder.Finish(network.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _replace(operator: Any, graph: Any, network: Any, schema: Any) -> None:
    """Give `operator` the inputs and options of TRANSPOSE_CONV."""
    padding, width, height = struct.unpack("<3i", bytes(operator.customOptions))
    options = schema.TransposeConvOptionsT()
    options.padding, options.strideW, options.strideH = _PADDINGS[padding], width, height
    image, weights, bias = operator.inputs
    shape = np.asarray(graph.tensors[operator.outputs[0]].shape, np.int32)
    operator.inputs = [_constant(shape, graph, network, schema), weights, image, bias]
    operator.customOptions = None
    operator.builtinOptionsType = schema.BuiltinOptions.TransposeConvOptions
    operator.builtinOptions = options


def _constant(numbers: Any, graph: Any, network: Any, schema: Any) -> int:
    """Add a constant tensor, int32 (n,); returns its index."""
    buffer, tensor = schema.BufferT(), schema.TensorT()
    buffer.data = np.frombuffer(numbers.tobytes(), np.uint8)
    network.buffers.append(buffer)
    tensor.name, tensor.type = b"transpose_conv_shape", schema.TensorType.INT32
    tensor.shape, tensor.buffer = [len(numbers)], len(network.buffers) - 1
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1
