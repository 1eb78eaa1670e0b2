// Threads of a block as fibers. A fiber takes one thread after the other and runs each to its end; only where a thread waits for others is the next
// thread taken by another fiber. So a kernel without barriers runs on a single one.
#include "sim.h"

#include "fibers.h"
#include "poison.h"

#include "switch.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <vector>

namespace sim {

__thread Coordinates here;

namespace {

const size_t STACK = 256 * 1024;
const int WARP = 32;
const size_t CANARIES = 4096;

struct Fiber {
    Context context;
    int thread = 0;
    void *stack;

    Fiber() : stack(mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0)) {
        if (stack == MAP_FAILED) {
            std::fputs("The simulated device has no memory for a fiber.\n", stderr);
            std::abort();
        }
    }

    ~Fiber() { munmap(stack, STACK); }
};

struct Warp {
    void *brought[WARP];
    void (*combine)(void *const *);
    int arrived;
};

struct Array {
    const void *site;
    char *begin;
    size_t bytes;
};

// Fibers that can go on, in order.
struct Queue {
    std::vector<Fiber *> fibers;
    size_t first = 0;

    bool is_empty() const { return first == fibers.size(); }

    Fiber *take() {
        Fiber *next = fibers[first++];
        if (is_empty()) clear();
        return next;
    }

    void clear() {
        fibers.clear();
        first = 0;
    }
};

struct Processor {
    std::vector<std::unique_ptr<Fiber>> fibers; // all
    std::vector<Fiber *> idle;
    Queue ready;
    std::vector<Fiber *> at_barrier;
    std::vector<Warp> warps;
    std::vector<std::vector<Fiber *>> at_warp;
    std::vector<Array> arrays;
    std::vector<char> memory = std::vector<char>(512 * 1024);
    size_t used = 0;
    Fiber *current = nullptr;
    Context host;
    const Kernel *kernel = nullptr;
    void *const *parameters = nullptr;
    int threads = 0, taken = 0, finished = 0;
    bool reverse = false;
    std::string fault;
};

__thread Processor *mine = nullptr;

inline Processor &processor() { return *mine; }

// The thread at a place of the order in which this block runs.
int in_order(const Processor &p, int place) { return p.reverse ? p.threads - 1 - place : place; }

void run_fiber();

// Goes from a context to whoever can go on: a fiber that has waited long enough, a thread that has not begun, or the host.
void leave(Processor &p, Context &from) {
    Fiber *next;
    if (!p.ready.is_empty()) {
        next = p.ready.take();
    } else if (p.taken < p.threads) {
        if (p.idle.empty()) {
            p.fibers.push_back(std::make_unique<Fiber>());
            Fiber *fiber = p.fibers.back().get();
            fiber->context = begin(static_cast<char *>(fiber->stack), STACK - p.fibers.size() % 64 * 1088, run_fiber); // stacks at one distance would compete for the same lines of the cache
            p.idle.push_back(fiber);
        }

        next = p.idle.back();
        p.idle.pop_back();
    } else {
        p.current = nullptr;
        exchange(from, p.host);
        return;
    }

    p.current = next;
    here.thread = next->thread;
    if (&from != &next->context) exchange(from, next->context);
}

void wait(Processor &p) { leave(p, p.current->context); }

void run_fiber() {
    Processor &p = processor();
    Fiber *self = p.current;
    for (;;) {
        while (p.taken < p.threads) {
            here.thread = self->thread = in_order(p, p.taken++);
            p.kernel->call(p.parameters);
            p.finished++;
        }

        p.idle.push_back(self);
        leave(p, self->context);
    }
}

void make_ready(Processor &p, std::vector<Fiber *> &waiting) {
    p.ready.fibers.insert(p.ready.fibers.end(), waiting.begin(), waiting.end());
    waiting.clear();
}

} // namespace

void block_sync() {
    Processor &p = processor();
    p.at_barrier.push_back(p.current);
    if (static_cast<int>(p.at_barrier.size()) == p.threads) make_ready(p, p.at_barrier);
    wait(p);
}

void warp_sync(void *brought, void (*combine)(void *const *)) {
    Processor &p = processor();
    int warp = here.thread / WARP;
    Warp &lanes = p.warps[warp];
    if (lanes.arrived == 0) lanes.combine = combine;
    if (lanes.combine != combine) {
        p.fault = "lanes of one warp are at different operations";
        wait(p); // for ever
    }

    lanes.brought[here.thread % WARP] = brought;
    p.at_warp[warp].push_back(p.current);
    if (++lanes.arrived == WARP) {
        lanes.arrived = 0;
        combine(lanes.brought);

        // In reverse order a warp runs ahead of all others until the block's next barrier, in the other order it comes last.
        if (p.reverse) {
            p.ready.fibers.insert(p.ready.fibers.begin() + p.ready.first, p.at_warp[warp].begin(), p.at_warp[warp].end());
            p.at_warp[warp].clear();
        } else {
            make_ready(p, p.at_warp[warp]);
        }
    }

    wait(p);
}

void *shared(const void *site, size_t bytes) {
    Processor &p = processor();
    for (const Array &array : p.arrays)
        if (array.site == site) return array.begin;
    char *begin = p.memory.data() + p.used;
    size_t rounded = (bytes + 15) / 16 * 16;
    if (p.used + rounded + CANARIES > p.memory.size()) {
        std::fputs("A kernel wants more shared memory than any device has.\n", stderr);
        std::abort();
    }

    poison(begin, rounded + CANARIES);
    p.arrays.push_back({site, begin, bytes});
    p.used += rounded + CANARIES;
    return begin;
}

unsigned long shared_bytes() {
    unsigned long sum = 0;
    for (const Array &array : processor().arrays) sum += (array.bytes + 15) / 16 * 16;
    return sum;
}

const char *run_block(const Kernel &kernel, void *const *parameters, int threads, int x, int y, int z, bool reverse) {
    if (!mine) mine = new Processor; // for as long as this thread of the host lives
    Processor &p = processor();
    p.kernel = &kernel;
    p.parameters = parameters;
    p.threads = threads;
    p.taken = p.finished = 0;
    p.reverse = reverse;
    p.arrays.clear();
    p.used = 0;
    p.fault.clear();
    p.warps.resize((threads + WARP - 1) / WARP);
    for (Warp &warp : p.warps) warp.arrived = 0;
    p.at_warp.resize(p.warps.size());
    here = {0, x, y, z};
    leave(p, p.host);

    if (p.fault.empty() && p.finished < threads)
        p.fault = std::to_string(p.finished) + " threads ended, " + std::to_string(p.at_barrier.size()) + " wait for the block and the others for their warp: a barrier that not all reach";
    for (const Array &array : p.arrays)
        if (!is_poisoned(array.begin + (array.bytes + 15) / 16 * 16, CANARIES)) p.fault = "it wrote behind an array in shared memory";

    if (p.finished < threads) { // what still waits is never resumed
        p.fibers.clear();
        p.idle.clear();
        p.ready.clear();
        p.at_barrier.clear();
        for (auto &waiting : p.at_warp) waiting.clear();
    }

    return p.fault.empty() ? nullptr : p.fault.c_str();
}

} // namespace sim
