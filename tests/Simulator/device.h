// The one context of the simulated device: whether it lives, and which thread uses it.
#pragma once
#include "cuda.h"
#include <functional>
#include <mutex>

namespace sim {

// Everything that a call does happens under this.
extern std::recursive_mutex driver;

// What a call that needs the context may not go on with: not initialised, no context current on this thread, or the error that the context died of.
CUresult ready();

// The context dies of this where it is an error that no context survives; returns it.
CUresult remember(CUresult result);

// What has gone wrong in work that nobody has waited for.
CUresult sticky();

// A piece of work of a stream.
typedef std::function<CUresult()> Work;

// Gives a piece of work to a stream, or to the graph that is captured from it.
CUresult enqueue(CUstream stream, Work work);

// Does all that waits in all streams.
CUresult drain();

// Whether memory of the device is all within one allocation.
bool is_device(CUdeviceptr memory, size_t bytes);

// Whether memory of the host is pinned.
bool is_pinned(const void *memory);

// What was written around an allocation of the device, as a sentence, or nullptr.
const char *damage();

} // namespace sim

#define LOCKED std::lock_guard<std::recursive_mutex> hold_the_driver(sim::driver)
#define READY                                                                                                                                                  \
    LOCKED;                                                                                                                                                    \
    if (CUresult not_ready = sim::ready()) return not_ready
