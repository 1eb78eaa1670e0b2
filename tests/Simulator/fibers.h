// Runs the threads of one block on this thread of the host.
#pragma once

namespace sim {

struct Kernel;

// Runs one block. Returns what went wrong, or nullptr.
const char *run_block(const Kernel &kernel, void *const *parameters, int threads, int x, int y, int z, bool reverse);

// Bytes of shared memory that the last block took.
unsigned long shared_bytes();

} // namespace sim
