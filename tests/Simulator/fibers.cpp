// Threads of a block as fibers. A fiber takes one thread after the other and runs each to its end; only where a thread waits for others is the next
// thread taken by another fiber. So a kernel without barriers runs on a single one.
#include "sim.h"

#include "fibers.h"
#include "poison.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <ucontext.h>
#include <vector>

namespace sim {

thread_local Coordinates here;

namespace {

const size_t STACK = 256 * 1024;
const int WARP = 32;
const size_t CANARIES = 4096;

struct Fiber {
    jmp_buf resume;
    ucontext_t start;
    bool started = false;
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

struct Processor {
    std::vector<std::unique_ptr<Fiber>> fibers; // all
    std::vector<Fiber *> idle;
    std::deque<Fiber *> ready;
    std::vector<Fiber *> at_barrier;
    std::vector<Warp> warps;
    std::vector<std::vector<Fiber *>> at_warp;
    std::vector<Array> arrays;
    std::vector<char> memory = std::vector<char>(512 * 1024);
    size_t used = 0;
    Fiber *current = nullptr;
    jmp_buf host;
    const Kernel *kernel = nullptr;
    void *const *parameters = nullptr;
    int threads = 0, taken = 0, finished = 0;
    bool reverse = false;
    std::string fault;
};

thread_local Processor *mine = nullptr;

Processor &processor() {
    if (!mine) mine = new Processor; // as long as the thread of the host, which may end with fibers in use
    return *mine;
}

// The thread at a place of the order in which this block runs.
int in_order(const Processor &p, int place) { return p.reverse ? p.threads - 1 - place : place; }

void run_fiber();

[[noreturn]] void enter(Processor &p, Fiber *fiber) {
    p.current = fiber;
    if (!fiber->started) {
        fiber->started = true;
        getcontext(&fiber->start);
        fiber->start.uc_stack.ss_sp = fiber->stack;
        fiber->start.uc_stack.ss_size = STACK;
        fiber->start.uc_link = nullptr;
        makecontext(&fiber->start, run_fiber, 0);
        setcontext(&fiber->start);
    }

    here.thread = fiber->thread;
    _longjmp(fiber->resume, 1);
}

// Leaves the fiber at hand for whoever can go on: one that has waited long enough, a thread that has not begun, or the host.
[[noreturn]] void leave(Processor &p) {
    if (!p.ready.empty()) {
        Fiber *next = p.ready.front();
        p.ready.pop_front();
        enter(p, next);
    }

    if (p.taken < p.threads) {
        if (p.idle.empty()) {
            p.fibers.push_back(std::make_unique<Fiber>());
            p.idle.push_back(p.fibers.back().get());
        }

        Fiber *next = p.idle.back();
        p.idle.pop_back();
        enter(p, next);
    }

    _longjmp(p.host, 1);
}

__attribute__((noinline)) void wait(Processor &p) {
    if (_setjmp(p.current->resume) == 0) leave(p);
}

void run_fiber() {
    for (;;) {
        Processor &p = processor();
        while (p.taken < p.threads) {
            here.thread = p.current->thread = in_order(p, p.taken++);
            p.kernel->call(p.parameters);
            p.finished++;
        }

        p.idle.push_back(p.current);
        if (_setjmp(p.current->resume) == 0) leave(p);
    }
}

void make_ready(Processor &p, std::vector<Fiber *> &waiting) {
    for (Fiber *fiber : waiting) p.ready.push_back(fiber);
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
            p.ready.insert(p.ready.begin(), p.at_warp[warp].begin(), p.at_warp[warp].end());
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
    if (_setjmp(p.host) == 0) leave(p);

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
