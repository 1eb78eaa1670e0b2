// Modules and launches. A module is refused where its PTX and the kernels that were compiled into this library are not of one making: an entry that is missing on either side, or
// parameters of another size.
#include "device.h"
#include "fibers.h"
#include "settings.h"
#include "sim.h"

#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

struct CUfunc_st {
    const sim::Kernel *kernel;
};

struct CUmod_st {
    std::map<std::string, CUfunc_st> functions;
};

namespace sim {

namespace {

const unsigned long MOST_SHARED = 48 * 1024;

std::map<std::string, const Kernel *> &kernels() {
    static std::map<std::string, const Kernel *> all;
    return all;
}

std::set<CUmodule> modules;

// Sizes of the parameters of each entry of a PTX text.
std::map<std::string, std::vector<size_t>> entries_of(const std::string &ptx) {
    std::map<std::string, std::vector<size_t>> entries;
    const std::string entry = ".entry ";
    for (size_t at = ptx.find(entry); at != std::string::npos; at = ptx.find(entry, at)) {
        at += entry.size();
        size_t open = ptx.find('(', at), close = ptx.find("\n)", at);
        if (open == std::string::npos || close == std::string::npos) break;
        std::vector<size_t> &sizes = entries[ptx.substr(at, open - at)];
        std::string parameters = ptx.substr(open, close - open);
        for (size_t bracket = parameters.find('['); bracket != std::string::npos; bracket = parameters.find('[', bracket + 1))
            sizes.push_back(std::stoul(parameters.substr(bracket + 1)));
    }

    return entries;
}

// Why a PTX does not fit the kernels of this library; empty where it does.
std::string mismatch(const std::string &ptx) {
    if (ptx.find(".version") == std::string::npos || ptx.find(".target") == std::string::npos) return "it is no PTX";
    auto entries = entries_of(ptx);
    for (auto &[name, kernel] : kernels()) {
        auto found = entries.find(name);
        if (found == entries.end()) return "it lacks the kernel " + name;
        if (found->second != std::vector<size_t>{kernel->bytes[0], kernel->bytes[1]}) return "the kernel " + name + " has parameters of other sizes";
    }

    for (auto &[name, sizes] : entries)
        if (!kernels().count(name)) return "its kernel " + name + " is not in the simulated driver";
    return "";
}

struct Launch {
    const Kernel *kernel;
    int grid[3], threads;
    std::vector<char> parameters[2];

    CUresult operator()() const {
        if (CUresult result = fate("launch")) return result;
        count("launches", 1);
        bool reverse = setting("SIM_ORDER", "") == "reverse";
        void *pointers[2] = {const_cast<char *>(parameters[0].data()), const_cast<char *>(parameters[1].data())};
        long long blocks = static_cast<long long>(grid[0]) * grid[1] * grid[2];
        const char *fault = nullptr;
        for (long long i = 0; i < blocks && !fault; i++) {
            long long block = reverse ? blocks - 1 - i : i;
            fault = run_block(*kernel, pointers, threads, static_cast<int>(block % grid[0]), static_cast<int>(block / grid[0] % grid[1]), static_cast<int>(block / grid[0] / grid[1]), reverse);
            if (!fault && shared_bytes() > MOST_SHARED) fault = "it takes more than 48 KiB of shared memory";
        }

        CUresult result = fault ? LAUNCH_FAILED : SUCCESS;
        if (!fault && (fault = damage())) result = ILLEGAL_ADDRESS;
        if (fault) std::fprintf(stderr, "The simulated device stops in the kernel %s: %s.\n", kernel->name, fault);
        return result;
    }
};

} // namespace

Kernel::Kernel(const char *name, int threads, void (*call)(void *const *), size_t block_bytes, size_t places_bytes)
    : name(name), threads(threads), call(call), bytes{block_bytes, places_bytes} {
    kernels()[name] = this;
}

} // namespace sim

using namespace sim;

SIMULATED_API CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned options, int *names, void **values) {
    READY;
    CUresult result = fate("load");
    std::string why = result ? "it was told to fail" : mismatch(static_cast<const char *>(image));
    if (!why.empty()) {
        char *log = nullptr;
        size_t bytes = 0;
        for (unsigned i = 0; i < options; i++) {
            if (names[i] == 5) log = static_cast<char *>(values[i]);
            if (names[i] == 6) bytes = reinterpret_cast<size_t>(values[i]);
        }

        if (log && bytes > 0) std::snprintf(log, bytes, "simulated driver: %s", why.c_str());
        return remember(result ? result : INVALID_PTX);
    }

    *module = new CUmod_st;
    for (auto &[name, kernel] : kernels()) (*module)->functions[name] = {kernel};
    modules.insert(*module);
    count("modules", 1);
    return SUCCESS;
}

SIMULATED_API CUresult cuModuleUnload(CUmodule module) {
    LOCKED;
    if (modules.erase(module) == 0) return INVALID_HANDLE;
    CUresult result = sticky() ? sticky() : drain();
    delete module;
    count("modules", -1);
    return result;
}

SIMULATED_API CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    READY;
    if (!modules.count(module)) return INVALID_HANDLE;
    auto found = module->functions.find(name);
    if (found == module->functions.end()) return NOT_FOUND;
    *function = &found->second;
    return SUCCESS;
}

SIMULATED_API CUresult cuFuncSetAttribute(CUfunction, int, int) {
    READY;
    return SUCCESS;
}

SIMULATED_API CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_memory,
                                      CUstream stream, void **parameters, void **extra) {
    READY;
    bool fits = grid_x > 0 && grid_x <= 2147483647u && grid_y > 0 && grid_y <= 65535 && grid_z > 0 && grid_z <= 65535 && block_y == 1 && block_z == 1 && !extra && shared_memory == 0;
    if (!fits || block_x == 0 || static_cast<int>(block_x) != function->kernel->threads) return INVALID_VALUE;
    const Kernel *kernel = function->kernel;
    Launch launch{kernel, {static_cast<int>(grid_x), static_cast<int>(grid_y), static_cast<int>(grid_z)}, static_cast<int>(block_x), {}};
    for (int i = 0; i < 2; i++) launch.parameters[i].assign(static_cast<char *>(parameters[i]), static_cast<char *>(parameters[i]) + kernel->bytes[i]);
    return enqueue(stream, launch);
}
