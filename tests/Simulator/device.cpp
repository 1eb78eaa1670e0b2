// cuInit, the device and its primary context, and the names of errors.
#include "device.h"

#include "settings.h"

#include <cstdio>
#include <cstdlib>

namespace sim {

std::recursive_mutex driver;

namespace {

bool initialised = false;
int retained = 0;
CUresult died_of = SUCCESS;
thread_local bool is_current = false;
char context; // only its address is used

int capability(bool major) {
    std::string text = setting("SIM_CAPABILITY", "9.0");
    size_t point = text.find('.');
    int whole = std::atoi(text.c_str());
    return point == std::string::npos ? (major ? whole / 10 : whole % 10) : (major ? whole : std::atoi(text.c_str() + point + 1));
}

} // namespace

CUresult ready() {
    if (!initialised) return NOT_INITIALIZED;
    if (!is_current || retained == 0) return INVALID_CONTEXT;
    return died_of;
}

CUresult remember(CUresult result) {
    if (is_sticky(result) && died_of == SUCCESS) died_of = result;
    return result;
}

CUresult sticky() { return died_of; }

} // namespace sim

using namespace sim;

SIMULATED_API CUresult cuInit(unsigned) {
    LOCKED;
    if (CUresult result = fate("init")) return result;
    if (std::atoi(setting("SIM_DEVICES", "1").c_str()) == 0) return NO_DEVICE;
    initialised = true;
    return SUCCESS;
}

SIMULATED_API CUresult cuDriverGetVersion(int *version) {
    *version = std::atoi(setting("SIM_DRIVER", "12040").c_str());
    return SUCCESS;
}

SIMULATED_API CUresult cuDeviceGetCount(int *count) {
    LOCKED;
    if (!initialised) return NOT_INITIALIZED;
    *count = std::atoi(setting("SIM_DEVICES", "1").c_str());
    return SUCCESS;
}

SIMULATED_API CUresult cuDeviceGet(CUdevice *device, int ordinal) {
    LOCKED;
    if (!initialised) return NOT_INITIALIZED;
    if (ordinal < 0 || ordinal >= std::atoi(setting("SIM_DEVICES", "1").c_str())) return INVALID_DEVICE;
    *device = ordinal;
    return SUCCESS;
}

SIMULATED_API CUresult cuDeviceGetName(char *name, int length, CUdevice) {
    std::snprintf(name, length, "Simulated");
    return SUCCESS;
}

SIMULATED_API CUresult cuDeviceGetUuid_v2(unsigned char *uuid, CUdevice) {
    for (int i = 0; i < 16; i++) uuid[i] = 0;
    return SUCCESS;
}

SIMULATED_API CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice) {
    *bytes = std::strtoull(setting("SIM_MEMORY", "1073741824").c_str(), nullptr, 10);
    return SUCCESS;
}

SIMULATED_API CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice) {
    switch (attribute) {
    case 1: *value = 1024; return SUCCESS;             // threads of a block
    case 2: *value = 1024; return SUCCESS;             // block x
    case 5: *value = 2147483647; return SUCCESS;       // grid x
    case 6: case 7: *value = 65535; return SUCCESS;    // grid y, z
    case 8: *value = 49152; return SUCCESS;            // shared memory of a block
    case 10: *value = 32; return SUCCESS;              // warp
    case 13: *value = 1000000; return SUCCESS;         // clock, kHz
    case 16: *value = 1; return SUCCESS;               // multiprocessors
    case 38: *value = 1048576; return SUCCESS;         // second-level cache
    case 39: *value = 2048; return SUCCESS;            // threads of a multiprocessor
    case 75: *value = capability(true); return SUCCESS;
    case 76: *value = capability(false); return SUCCESS;
    case 97: *value = 232448; return SUCCESS;          // shared memory of a block, opted in
    default: return INVALID_VALUE;
    }
}

SIMULATED_API CUresult cuDevicePrimaryCtxRetain(CUcontext *result, CUdevice) {
    LOCKED;
    if (!initialised) return NOT_INITIALIZED;
    if (retained++ == 0) died_of = SUCCESS;
    *result = reinterpret_cast<CUcontext>(&context);
    return SUCCESS;
}

SIMULATED_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) {
    LOCKED;
    if (retained == 0) return INVALID_CONTEXT;
    retained--;
    return SUCCESS;
}

SIMULATED_API CUresult cuCtxSetCurrent(CUcontext wanted) {
    LOCKED;
    if (!initialised) return NOT_INITIALIZED;
    is_current = wanted == reinterpret_cast<CUcontext>(&context);
    return SUCCESS;
}

SIMULATED_API CUresult cuCtxGetCurrent(CUcontext *result) {
    *result = is_current ? reinterpret_cast<CUcontext>(&context) : nullptr;
    return SUCCESS;
}

SIMULATED_API CUresult cuCtxSynchronize() {
    READY;
    count("syncs", 1);
    return drain();
}

namespace {

struct Name {
    CUresult result;
    const char *name, *text;
};

const Name NAMES[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {600, "CUDA_ERROR_NOT_READY", "device not ready"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {702, "CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "system has unsupported display driver / cuda driver combination"},
    {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
    {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

} // namespace

SIMULATED_API CUresult cuGetErrorName(CUresult result, const char **name) {
    *name = nullptr;
    for (const Name &known : NAMES)
        if (known.result == result) *name = known.name;
    return *name ? SUCCESS : INVALID_VALUE;
}

SIMULATED_API CUresult cuGetErrorString(CUresult result, const char **text) {
    *text = nullptr;
    for (const Name &known : NAMES)
        if (known.result == result) *text = known.text;
    return *text ? SUCCESS : INVALID_VALUE;
}
