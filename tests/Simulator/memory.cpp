// Memory of the device, which starts as NaN and has canaries on both sides, pinned memory of the host, and copies. A copy from or to pinned memory happens when its stream gets
// there, as on a device: who changes or reads the host's side before it has waited sees it.
#include "device.h"
#include "poison.h"
#include "settings.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace sim {

namespace {

const size_t CANARIES = 1024;

std::map<CUdeviceptr, size_t> device_memory;
std::map<uintptr_t, size_t> pinned;
size_t taken = 0;

size_t rounded(size_t bytes) { return (bytes + 255) / 256 * 256; }

char *start_of(CUdeviceptr memory) { return reinterpret_cast<char *>(memory) - CANARIES; }

bool is_whole(CUdeviceptr memory, size_t bytes) {
    return is_poisoned(start_of(memory), CANARIES) && is_poisoned(reinterpret_cast<char *>(memory) + rounded(bytes), CANARIES);
}

void *address(CUdeviceptr memory) { return reinterpret_cast<void *>(memory); }

} // namespace

bool is_device(CUdeviceptr memory, size_t bytes) {
    auto after = device_memory.upper_bound(memory);
    if (after == device_memory.begin()) return false;
    --after;
    return memory + bytes <= after->first + after->second;
}

bool is_pinned(const void *memory) {
    uintptr_t place = reinterpret_cast<uintptr_t>(memory);
    auto after = pinned.upper_bound(place);
    if (after == pinned.begin()) return false;
    --after;
    return place < after->first + after->second;
}

const char *damage() {
    for (auto &[memory, bytes] : device_memory)
        if (!is_whole(memory, bytes)) return "memory beside an allocation of the device was written";
    return nullptr;
}

} // namespace sim

using namespace sim;

SIMULATED_API CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
    READY;
    *total = std::strtoull(setting("SIM_MEMORY", "1073741824").c_str(), nullptr, 10);
    *free = *total > taken ? *total - taken : 0;
    return SUCCESS;
}

SIMULATED_API CUresult cuMemAlloc_v2(CUdeviceptr *memory, size_t bytes) {
    READY;
    if (bytes == 0) return INVALID_VALUE;
    if (CUresult result = fate("alloc")) return remember(result);
    if (taken + rounded(bytes) > std::strtoull(setting("SIM_MEMORY", "1073741824").c_str(), nullptr, 10)) return OUT_OF_MEMORY;
    size_t all = rounded(bytes) + 2 * CANARIES;
    char *start = static_cast<char *>(std::aligned_alloc(256, all));
    if (!start) return OUT_OF_MEMORY;
    poison(start, all);
    *memory = reinterpret_cast<CUdeviceptr>(start + CANARIES);
    device_memory[*memory] = bytes;
    taken += rounded(bytes);
    count("live", 1);
    count("live_bytes", static_cast<long long>(bytes));
    return SUCCESS;
}

SIMULATED_API CUresult cuMemFree_v2(CUdeviceptr memory) {
    LOCKED;
    auto found = device_memory.find(memory);
    if (found == device_memory.end()) return INVALID_VALUE;
    CUresult result = sticky() ? sticky() : drain();
    bool whole = is_whole(memory, found->second);
    taken -= rounded(found->second);
    count("live", -1);
    count("live_bytes", -static_cast<long long>(found->second));
    poison(start_of(memory), rounded(found->second) + 2 * CANARIES);
    std::free(start_of(memory));
    device_memory.erase(found);
    return result ? result : whole ? SUCCESS : remember(ILLEGAL_ADDRESS);
}

SIMULATED_API CUresult cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
    READY;
    if (bytes == 0) return INVALID_VALUE;
    *memory = std::aligned_alloc(256, rounded(bytes));
    if (!*memory) return OUT_OF_MEMORY;
    poison(*memory, rounded(bytes));
    pinned[reinterpret_cast<uintptr_t>(*memory)] = bytes;
    count("host", 1);
    return SUCCESS;
}

SIMULATED_API CUresult cuMemFreeHost(void *memory) {
    LOCKED;
    auto found = pinned.find(reinterpret_cast<uintptr_t>(memory));
    if (found == pinned.end()) return INVALID_VALUE;
    CUresult result = sticky() ? sticky() : drain();
    pinned.erase(found);
    std::free(memory);
    count("host", -1);
    return result;
}

namespace {

CUresult copied(void *to, const void *from, size_t bytes) {
    if (CUresult result = fate("copy")) return result;
    count("copies", 1);
    std::memcpy(to, from, bytes);
    return SUCCESS;
}

CUresult upload(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    if (!is_device(to, bytes)) return INVALID_VALUE;
    if (is_pinned(from)) return enqueue(stream, [=] { return copied(address(to), from, bytes); });
    std::vector<char> staged(static_cast<const char *>(from), static_cast<const char *>(from) + bytes);
    return enqueue(stream, [=] { return copied(address(to), staged.data(), bytes); });
}

CUresult download(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    if (!is_device(from, bytes)) return INVALID_VALUE;
    if (CUresult result = enqueue(stream, [=] { return copied(to, address(from), bytes); })) return result;
    return is_pinned(to) ? SUCCESS : drain();
}

} // namespace

SIMULATED_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    READY;
    return upload(to, from, bytes, stream);
}

SIMULATED_API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes) {
    READY;
    CUresult result = upload(to, from, bytes, nullptr);
    return result ? result : drain();
}

SIMULATED_API CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    READY;
    return download(to, from, bytes, stream);
}

SIMULATED_API CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes) {
    READY;
    CUresult result = download(to, from, bytes, nullptr);
    return result ? result : drain();
}

SIMULATED_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
    READY;
    if (!is_device(from, bytes) || !is_device(to, bytes)) return INVALID_VALUE;
    return enqueue(stream, [=] { return copied(address(to), address(from), bytes); });
}

SIMULATED_API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes, CUstream stream) {
    READY;
    if (!is_device(to, bytes)) return INVALID_VALUE;
    return enqueue(stream, [=] {
        std::memset(address(to), value, bytes);
        return SUCCESS;
    });
}

SIMULATED_API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t words, CUstream stream) {
    READY;
    if (!is_device(to, 4 * words) || to % 4 != 0) return INVALID_VALUE;
    return enqueue(stream, [=] {
        for (size_t i = 0; i < words; i++) static_cast<unsigned *>(address(to))[i] = value;
        return SUCCESS;
    });
}

SIMULATED_API CUresult cuMemsetD2D32Async(CUdeviceptr to, size_t pitch, unsigned value, size_t width, size_t height, CUstream stream) {
    READY;
    if (height > 0 && (!is_device(to, pitch * (height - 1) + 4 * width) || to % 4 != 0 || pitch % 4 != 0)) return INVALID_VALUE;
    return enqueue(stream, [=] {
        for (size_t row = 0; row < height; row++)
            for (size_t i = 0; i < width; i++) static_cast<unsigned *>(address(to + row * pitch))[i] = value;
        return SUCCESS;
    });
}
