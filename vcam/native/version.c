#include "native.h"

VISIBLE int vcam_native_version(void)
{
    return VCAM_NATIVE_VERSION;
}
