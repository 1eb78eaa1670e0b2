// check PTX [LAW…]: the laws whose names contain one of the words, or all of them.
#include "harness.h"

#include <fstream>
#include <iterator>
#include <map>

CUmodule module;
std::mt19937 random_source;

static std::map<std::string, void (*)()> &laws() {
    static std::map<std::string, void (*)()> all;
    return all;
}

static std::string current;

Law::Law(const char *name, void (*hold)()) { laws()[name] = hold; }

void fail(const std::string &what) {
    std::fprintf(stderr, "FAILED %s: %s\n", current.c_str(), what.c_str());
    std::exit(1);
}

int main(int count, char **words) {
    if (count < 2) {
        std::fputs("usage: check PTX [LAW…]\n", stderr);
        return 2;
    }

    std::ifstream file(words[1]);
    std::string ptx((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    CUcontext context;
    current = "opening the device";
    succeed(cuInit(0), "cuInit");
    succeed(cuDevicePrimaryCtxRetain(&context, 0), "cuDevicePrimaryCtxRetain");
    succeed(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    char log[1000] = "";
    int names[] = {5, 6};
    void *values[] = {log, reinterpret_cast<void *>(sizeof log)};
    if (CUresult result = cuModuleLoadDataEx(&module, ptx.c_str(), 2, names, values)) fail("the module is refused (" + std::to_string(result) + "): " + log);
    int held = 0;
    for (auto &[name, hold] : laws()) {
        bool wanted = count == 2;
        for (int i = 2; i < count; i++) wanted |= name.find(words[i]) != std::string::npos;
        if (!wanted) continue;
        current = name;
        random_source.seed(1);
        hold();
        std::printf("holds  %s\n", name.c_str());
        held++;
    }

    std::printf("%d laws hold\n", held);
    return held > 0 ? 0 : 2;
}
