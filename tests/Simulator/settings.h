// How the simulated device is told to be: by environment variables, or by simSet under the same names, which go before.
//   SIM_ORDER=reverse       blocks and threads in reverse order: every result must have the same bits
//   SIM_DEVICES=0           no device
//   SIM_CAPABILITY=7.5      its compute capability (9.0)
//   SIM_DRIVER=10020        the driver's version (12040)
//   SIM_MEMORY=BYTES        the memory of the device (1 GiB)
//   SIM_FAIL=KIND:N:CODE    the Nth call of a kind fails with a code, and everything after it where the code is one that a context does not survive;
//                           kinds: init, launch, alloc, copy, load, sync, capture, graph. Launches inside graphs count.
#pragma once
#include "cuda.h"
#include <string>

namespace sim {

std::string setting(const char *name, const char *otherwise);

// The result of the next call of a kind: what SIM_FAIL wants of it.
CUresult fate(const char *kind);

// Counts something, for simGet.
void count(const char *what, long long more);

} // namespace sim
