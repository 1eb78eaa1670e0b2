// From one stack to another, in a few nanoseconds where the processor is known.
#pragma once
#include <cstddef>

#if defined(__x86_64__)

namespace sim {

// The stack pointer of whoever does not run at the moment; the registers that a call must keep lie on the stack.
typedef void *Context;

extern "C" void simulated_exchange(Context *from, Context to);
asm(R"(
.text
.p2align 4
.type simulated_exchange, @function
.hidden simulated_exchange
.globl simulated_exchange
simulated_exchange:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    retq
.size simulated_exchange, .-simulated_exchange
)");

// Keeps the context at hand in `from`, and goes on in `to`.
inline void exchange(Context &from, Context &to) { simulated_exchange(&from, to); }

// A context that begins with a call of a function that never returns.
inline Context begin(char *stack, size_t bytes, void (*function)()) {
    void **top = reinterpret_cast<void **>((reinterpret_cast<size_t>(stack) + bytes) / 64 * 64);
    *--top = nullptr; // where a return address would be: a function's stack is 8 bytes off a multiple of 16
    *--top = reinterpret_cast<void *>(function);
    for (int i = 0; i < 6; i++) *--top = nullptr;
    return top;
}

} // namespace sim

#else

#include <memory>
#include <ucontext.h>

namespace sim {

struct Context {
    std::unique_ptr<ucontext_t> at = std::make_unique<ucontext_t>();
};

inline void exchange(Context &from, Context &to) { swapcontext(from.at.get(), to.at.get()); }

inline Context begin(char *stack, size_t bytes, void (*function)()) {
    Context context;
    getcontext(context.at.get());
    context.at->uc_stack.ss_sp = stack;
    context.at->uc_stack.ss_size = bytes;
    context.at->uc_link = nullptr;
    makecontext(context.at.get(), function, 0);
    return context;
}

} // namespace sim

#endif
