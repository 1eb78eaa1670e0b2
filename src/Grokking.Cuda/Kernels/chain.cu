// A chain of elementwise operations in one pass: an interpreter of the chain's list of links. A thread takes four elements, so that a link is decoded once for four.
#include "arithmetic.h"

struct Lanes {
    float of[CHAIN_LANES];
};

// Where the four elements lie in the chain's shape.
struct Positions {
    int of[CHAIN_LANES][AXES];
};

#define EACH_LANE UNROLL for (int lane = 0; lane < CHAIN_LANES; lane++)
#define EACH_AXIS UNROLL for (int axis = 0; axis < AXES; axis++)

DEVICE Positions positions_of(const ChainBlock &block, const int (&elements)[CHAIN_LANES]) {
    Positions positions;
    EACH_LANE {
        int rest = elements[lane];
        UNROLL for (int axis = AXES - 1; axis > 0; axis--) {
            positions.of[lane][axis] = 0;
            if (axis < block.axes) {
                int above = rest / block.shape[axis];
                positions.of[lane][axis] = rest - above * block.shape[axis];
                rest = above;
            }
        }

        positions.of[lane][0] = rest;
    }

    return positions;
}

DEVICE void offsets_of(const View GLOBAL &view, const Positions &positions, int axes, int place, int (&offsets)[CHAIN_LANES]) {
    EACH_LANE { offsets[lane] = 0; }
    EACH_AXIS {
        if (axis < axes) {
            int step = view.steps[axis];
            EACH_LANE { offsets[lane] += positions.of[lane][axis] * step; }
        }
    }

    if (view.chosen.address != 0) {
        const int GLOBAL *chosen = (const int GLOBAL *)view.chosen.address + place * view.chosen.stride;
        int row = view.row;
        EACH_LANE { offsets[lane] += chosen[positions.of[lane][0]] * row; }
    }
}

DEVICE float GLOBAL *start_of(const View GLOBAL &view, int place) { return (float GLOBAL *)view.memory.address + place * view.memory.stride; }

DEVICE Lanes operate(int operation, const Lanes &a, const Lanes &b) {
    Lanes y;
    switch (operation) {
    case NEGATE: EACH_LANE { y.of[lane] = -a.of[lane]; } break;
    case EXP: EACH_LANE { y.of[lane] = exponential(a.of[lane]); } break;
    case LOG: EACH_LANE { y.of[lane] = logarithm(a.of[lane]); } break;
    case SQRT: EACH_LANE { y.of[lane] = square_root(a.of[lane]); } break;
    case TANH: EACH_LANE { y.of[lane] = hyperbolic_tangent(a.of[lane]); } break;
    case ERF: EACH_LANE { y.of[lane] = error_function(a.of[lane]); } break;
    case ADD: EACH_LANE { y.of[lane] = a.of[lane] + b.of[lane]; } break;
    case SUBTRACT: EACH_LANE { y.of[lane] = a.of[lane] - b.of[lane]; } break;
    case MULTIPLY: EACH_LANE { y.of[lane] = a.of[lane] * b.of[lane]; } break;
    case DIVIDE: EACH_LANE { y.of[lane] = a.of[lane] / b.of[lane]; } break;
    case MAXIMUM: EACH_LANE { y.of[lane] = larger(a.of[lane], b.of[lane]); } break;
    case GREATER: EACH_LANE { y.of[lane] = a.of[lane] > b.of[lane] ? 1.0f : 0.0f; } break;
    case EQUAL_TO: EACH_LANE { y.of[lane] = a.of[lane] == b.of[lane] ? 1.0f : 0.0f; } break;
    default: y = a; break;
    }

    return y;
}

KERNEL(chain, CHAIN_THREADS, ChainBlock) {
    int place = place_of(places);
    if (place < 0) return;

    int elements[CHAIN_LANES];
    EACH_LANE {
        int element = (block_x() * CHAIN_LANES + lane) * CHAIN_THREADS + thread();
        elements[lane] = element < block.count ? element : block.count - 1; // an element beyond the end repeats the last one
    }

    Positions positions = positions_of(block, elements);
    const Link GLOBAL *links = (const Link GLOBAL *)block.links;
    const View GLOBAL *views = (const View GLOBAL *)block.views;
    const float GLOBAL *numbers = (const float GLOBAL *)block.numbers;
    Lanes slots[SLOTS];

    auto argument = [&](int code) {
        int index = code & 0xffffff;
        Lanes x;
        switch (code & 0xff000000) {
        case SLOT: x = slots[index]; break;
        case NUMBER: {
            float number = numbers[index];
            EACH_LANE { x.of[lane] = number; }
            break;
        }
        default: {
            int offsets[CHAIN_LANES];
            offsets_of(views[index], positions, block.axes, place, offsets);
            const float GLOBAL *start = start_of(views[index], place);
            EACH_LANE { x.of[lane] = start[offsets[lane]]; }
        }
        }

        return x;
    };

    for (int i = 0; i < block.linkCount; i++) {
        int operation = links[i].operation, a = links[i].a, b = links[i].b, store = links[i].store;
        Lanes left = argument(a);
        Lanes y = operate(operation & 0xff, left, b == a ? left : argument(b));
        slots[operation >> 8] = y;
        if (store >= 0) {
            int offsets[CHAIN_LANES];
            offsets_of(views[store], positions, block.axes, place, offsets);
            float GLOBAL *start = start_of(views[store], place);
            EACH_LANE {
                if (elements[lane] == (block_x() * CHAIN_LANES + lane) * CHAIN_THREADS + thread()) start[offsets[lane]] = y.of[lane];
            }
        }
    }
}
