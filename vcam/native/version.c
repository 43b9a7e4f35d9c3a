#include "native.h"

__attribute__((visibility("default"))) int vcam_native_version(void)
{
    return VCAM_NATIVE_VERSION;
}
