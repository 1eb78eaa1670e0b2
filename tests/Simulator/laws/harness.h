// Laws of the kernels in C++: each is launched through the driver's interface for some places of several, in both orders of its threads, and compared with plain loops in float64.
#pragma once
#include "../cuda.h"
#include "abi.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

extern "C" {
CUresult cuInit(unsigned);
CUresult cuDevicePrimaryCtxRetain(CUcontext *, CUdevice);
CUresult cuCtxSetCurrent(CUcontext);
CUresult cuMemAlloc_v2(CUdeviceptr *, size_t);
CUresult cuMemFree_v2(CUdeviceptr);
CUresult cuMemcpyHtoD_v2(CUdeviceptr, const void *, size_t);
CUresult cuMemcpyDtoH_v2(void *, CUdeviceptr, size_t);
CUresult cuModuleLoadDataEx(CUmodule *, const void *, unsigned, int *, void **);
CUresult cuModuleGetFunction(CUfunction *, CUmodule, const char *);
CUresult cuLaunchKernel(CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CUstream, void **, void **);
CUresult cuCtxSynchronize();
void simSet(const char *, const char *);
}

extern CUmodule module;
extern std::mt19937 random_source;

[[noreturn]] void fail(const std::string &what);

inline void succeed(CUresult result, const char *call) {
    if (result != 0) fail(std::string(call) + " returned " + std::to_string(result));
}

inline int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_source); }

// A value for each of three places, `count` elements apart or shared by all; read back after a launch.
template <class T> struct Values {
    static const int PLACES = 3;
    std::vector<T> host;
    CUdeviceptr device = 0;
    long long stride;

    explicit Values(size_t count, bool isShared = false) : host(std::max<size_t>(1, count) * (isShared ? 1 : PLACES)), stride(isShared ? 0 : static_cast<long long>(std::max<size_t>(1, count))) {
        succeed(cuMemAlloc_v2(&device, host.size() * sizeof(T)), "cuMemAlloc");
    }

    Values(const Values &) = delete;
    ~Values() { cuMemFree_v2(device); }

    T *at(int place) { return host.data() + place * stride; }
    Memory memory() const { return {device, stride}; }
    void upload() { succeed(cuMemcpyHtoD_v2(device, host.data(), host.size() * sizeof(T)), "cuMemcpyHtoD"); }

    std::vector<T> download() const {
        std::vector<T> values(host.size());
        succeed(cuMemcpyDtoH_v2(values.data(), device, values.size() * sizeof(T)), "cuMemcpyDtoH");
        return values;
    }

    Values &fill(std::function<T()> next) {
        for (T &value : host) value = next();
        upload();
        return *this;
    }
};

inline float ordinary() { return std::normal_distribution<float>(0, 1)(random_source); }

// Launches for the places 2 and 0, and for nobody between them.
template <class Block> void launch(const char *name, const Block &block, unsigned x, unsigned y, unsigned threads) {
    Values<int> list(3, true);
    list.host = {2, -1, 0};
    list.upload();
    Places places{list.device};
    CUfunction function;
    succeed(cuModuleGetFunction(&function, module, name), "cuModuleGetFunction");
    Block copy = block;
    void *parameters[] = {&copy, &places};
    succeed(cuLaunchKernel(function, x, y, 3, threads, 1, 1, 0, nullptr, parameters, nullptr), "cuLaunchKernel");
    succeed(cuCtxSynchronize(), name);
}

inline unsigned parts(long long count, long long each) { return static_cast<unsigned>((count + each - 1) / each); }

template <class T> bool same_bits(const std::vector<T> &a, const std::vector<T> &b) { return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0; }

// Does something that changes `output` in both orders; the bits must be the same. Returns the output; place 1 must be as it was.
template <class T> std::vector<T> in_both_orders(const std::string &name, Values<T> &output, const std::function<void()> &act) {
    output.upload();
    act();
    std::vector<T> first = output.download();
    output.upload();
    simSet("SIM_ORDER", "reverse");
    act();
    simSet("SIM_ORDER", nullptr);
    if (!same_bits(first, output.download())) fail(name + ": the reverse order of threads gives other bits");
    if (output.stride > 0 && std::memcmp(first.data() + output.stride, output.at(1), output.stride * sizeof(T)) != 0) fail(name + ": a place that was not asked for has changed");
    return first;
}

// |value - expected| <= tolerance * (1 + |expected|), and NaN only where NaN is expected.
inline void near(const std::string &name, double value, double expected, double tolerance) {
    if (std::isnan(value) != std::isnan(expected) || (std::isinf(expected) && value != expected) || (std::isfinite(expected) && std::abs(value - expected) > tolerance * (1 + std::abs(expected))) || (std::isfinite(expected) && !std::isfinite(value)))
        fail(name + ": " + std::to_string(value) + " instead of " + std::to_string(expected));
}

// The laws, found by their names.
struct Law {
    Law(const char *name, void (*hold)());
};

#define LAW(name)                                                                                                                                              \
    static void name();                                                                                                                                        \
    static const Law name##_law(#name, name);                                                                                                                  \
    static void name()
