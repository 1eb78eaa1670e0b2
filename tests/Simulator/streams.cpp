// Streams, events and graphs. Work waits in its stream until somebody waits for it, so what a caller may not rely on before does not happen before. A graph is a list of closures.
#include "device.h"
#include "settings.h"

#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <vector>

struct CUstream_st {
    std::deque<sim::Work> waiting;
    bool capturing = false;
    bool invalidated = false;
    std::vector<sim::Work> captured;
};

struct CUgraph_st {
    std::vector<sim::Work> nodes;
};

struct CUgraphExec_st {
    std::vector<sim::Work> nodes;
};

struct CUevent_st {
    bool recorded = false;
    std::chrono::steady_clock::time_point time;
};

namespace sim {

namespace {

CUstream_st &standard() {
    static CUstream_st stream;
    return stream;
}

std::set<CUstream> &streams() {
    static std::set<CUstream> all;
    return all;
}

std::set<CUgraph> graphs;
std::set<CUgraphExec> executables;
std::set<CUevent> events;

CUstream_st *of(CUstream handle) { return handle == nullptr ? &standard() : streams().count(handle) ? handle : nullptr; }

CUresult drain(CUstream_st &stream) {
    while (!stream.waiting.empty()) {
        Work work = std::move(stream.waiting.front());
        stream.waiting.pop_front();
        if (sticky()) continue; // it never happens
        if (CUresult result = work()) {
            remember(result);
            if (!sticky()) return result;
        }
    }

    return sticky();
}

bool is_capturing() {
    for (CUstream stream : streams())
        if (stream->capturing) return true;
    return false;
}

// What is not allowed while anything is captured spoils the capture.
CUresult spoil() {
    for (CUstream stream : streams())
        if (stream->capturing) stream->invalidated = true;
    return CAPTURE_UNSUPPORTED;
}

} // namespace

CUresult enqueue(CUstream handle, Work work) {
    CUstream_st *stream = of(handle);
    if (!stream) return INVALID_HANDLE;
    if (stream->capturing)
        stream->captured.push_back(std::move(work));
    else
        stream->waiting.push_back(std::move(work));
    return SUCCESS;
}

CUresult drain() {
    if (is_capturing()) return spoil();
    CUresult result = drain(standard());
    for (CUstream stream : streams())
        if (CUresult other = drain(*stream)) result = other;
    return result;
}

} // namespace sim

using namespace sim;

SIMULATED_API CUresult cuStreamCreate(CUstream *stream, unsigned) {
    READY;
    *stream = new CUstream_st;
    streams().insert(*stream);
    count("streams", 1);
    return SUCCESS;
}

SIMULATED_API CUresult cuStreamDestroy_v2(CUstream stream) {
    LOCKED;
    if (streams().erase(stream) == 0) return INVALID_HANDLE;
    CUresult result = drain(*stream);
    delete stream;
    count("streams", -1);
    return result;
}

SIMULATED_API CUresult cuStreamSynchronize(CUstream handle) {
    READY;
    CUstream_st *stream = of(handle);
    if (!stream) return INVALID_HANDLE;
    if (stream->capturing) return spoil();
    count("syncs", 1);
    if (CUresult result = fate("sync")) return remember(result);
    return drain(*stream);
}

SIMULATED_API CUresult cuStreamQuery(CUstream handle) {
    READY;
    CUstream_st *stream = of(handle);
    if (!stream) return INVALID_HANDLE;
    return drain(*stream);
}

SIMULATED_API CUresult cuStreamBeginCapture_v2(CUstream handle, int) {
    READY;
    CUstream_st *stream = of(handle);
    if (!stream || stream == &standard()) return stream ? CAPTURE_UNSUPPORTED : INVALID_HANDLE;
    if (stream->capturing) return INVALID_VALUE;
    if (CUresult result = fate("capture")) return remember(result);
    stream->capturing = true;
    stream->invalidated = false;
    stream->captured.clear();
    return SUCCESS;
}

SIMULATED_API CUresult cuStreamEndCapture(CUstream handle, CUgraph *graph) {
    LOCKED;
    CUstream_st *stream = of(handle);
    if (!stream || !stream->capturing) return stream ? INVALID_VALUE : INVALID_HANDLE;
    stream->capturing = false;
    *graph = nullptr;
    if (stream->invalidated) return CAPTURE_INVALIDATED;
    if (sticky()) return sticky();
    *graph = new CUgraph_st{std::move(stream->captured)};
    stream->captured.clear();
    graphs.insert(*graph);
    count("graphs", 1);
    return SUCCESS;
}

SIMULATED_API CUresult cuGraphInstantiateWithFlags(CUgraphExec *executable, CUgraph graph, unsigned long long) {
    READY;
    if (!graphs.count(graph)) return INVALID_HANDLE;
    *executable = new CUgraphExec_st{graph->nodes};
    executables.insert(*executable);
    count("graphs", 1);
    return SUCCESS;
}

SIMULATED_API CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream) {
    READY;
    if (!executables.count(executable)) return INVALID_HANDLE;
    if (CUresult result = fate("graph")) return remember(result);
    return enqueue(stream, [executable] {
        if (!executables.count(executable)) return LAUNCH_FAILED; // destroyed while it waited
        count("replays", 1);
        for (const Work &node : executable->nodes)
            if (CUresult result = node()) return result;
        return SUCCESS;
    });
}

SIMULATED_API CUresult cuGraphGetNodes(CUgraph graph, void **, size_t *number) {
    READY;
    if (!graphs.count(graph)) return INVALID_HANDLE;
    *number = graph->nodes.size();
    return SUCCESS;
}

SIMULATED_API CUresult cuGraphExecDestroy(CUgraphExec executable) {
    LOCKED;
    if (!executables.count(executable)) return INVALID_HANDLE;
    drain();
    executables.erase(executable);
    delete executable;
    count("graphs", -1);
    return SUCCESS;
}

SIMULATED_API CUresult cuGraphDestroy(CUgraph graph) {
    LOCKED;
    if (graphs.erase(graph) == 0) return INVALID_HANDLE;
    delete graph;
    count("graphs", -1);
    return SUCCESS;
}

SIMULATED_API CUresult cuEventCreate(CUevent *event, unsigned) {
    READY;
    *event = new CUevent_st;
    events.insert(*event);
    count("events", 1);
    return SUCCESS;
}

SIMULATED_API CUresult cuEventRecord(CUevent event, CUstream stream) {
    READY;
    if (!events.count(event)) return INVALID_HANDLE;
    event->recorded = false;
    return enqueue(stream, [event] {
        event->time = std::chrono::steady_clock::now();
        event->recorded = true;
        return SUCCESS;
    });
}

SIMULATED_API CUresult cuEventSynchronize(CUevent event) {
    READY;
    if (!events.count(event)) return INVALID_HANDLE;
    count("syncs", 1);
    return drain();
}

SIMULATED_API CUresult cuEventQuery(CUevent event) {
    READY;
    if (!events.count(event)) return INVALID_HANDLE;
    return event->recorded ? SUCCESS : NOT_READY;
}

SIMULATED_API CUresult cuEventElapsedTime(float *milliseconds, CUevent first, CUevent second) {
    READY;
    if (!events.count(first) || !events.count(second)) return INVALID_HANDLE;
    if (!first->recorded || !second->recorded) return NOT_READY;
    *milliseconds = std::chrono::duration<float, std::milli>(second->time - first->time).count();
    return SUCCESS;
}

SIMULATED_API CUresult cuEventDestroy_v2(CUevent event) {
    LOCKED;
    if (!events.count(event)) return INVALID_HANDLE;
    drain();
    events.erase(event);
    delete event;
    count("events", -1);
    return SUCCESS;
}
