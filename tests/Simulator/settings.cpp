#include "settings.h"

#include <cstdlib>
#include <map>
#include <mutex>

namespace sim {

namespace {

std::mutex guard;

std::map<std::string, std::string> &given() {
    static std::map<std::string, std::string> values;
    return values;
}

std::map<std::string, long long> &counts() {
    static std::map<std::string, long long> values;
    return values;
}

std::map<std::string, long long> &calls() {
    static std::map<std::string, long long> values;
    return values;
}

std::string look_up(const char *name, const char *otherwise) {
    auto found = given().find(name);
    if (found != given().end()) return found->second;
    const char *value = std::getenv(name);
    return value ? value : otherwise;
}

} // namespace

std::string setting(const char *name, const char *otherwise) {
    std::lock_guard<std::mutex> hold(guard);
    return look_up(name, otherwise);
}

CUresult fate(const char *kind) {
    std::lock_guard<std::mutex> hold(guard);
    long long number = ++calls()[kind];
    std::string fail = look_up("SIM_FAIL", "");
    size_t first = fail.find(':'), second = fail.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos || fail.compare(0, first, kind) != 0 || std::atoll(fail.c_str() + first + 1) != number) return SUCCESS;
    return std::atoi(fail.c_str() + second + 1);
}

void count(const char *what, long long more) {
    std::lock_guard<std::mutex> hold(guard);
    counts()[what] += more;
}

} // namespace sim

// Sets what an environment variable of this name would; NULL takes it back. SIM_FAIL counts calls from then on.
SIMULATED_API void simSet(const char *name, const char *value) {
    std::lock_guard<std::mutex> hold(sim::guard);
    if (value)
        sim::given()[name] = value;
    else
        sim::given().erase(name);
    if (std::string(name) == "SIM_FAIL") sim::calls().clear();
}

// live (allocations on the device), live_bytes, host (pinned allocations), modules, streams, graphs, events: what exists now; launches, copies, syncs, replays: what has been done.
SIMULATED_API long long simGet(const char *what) {
    std::lock_guard<std::mutex> hold(sim::guard);
    auto found = sim::counts().find(what);
    return found == sim::counts().end() ? 0 : found->second;
}
