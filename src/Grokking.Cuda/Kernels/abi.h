// What C# and the kernels agree on: the structures that a launch passes by value, and the numbers that they are made of.
//
// Every kernel is NAME(Block block, Places places): one structure of its own and the list of places. A place is one of the
// independent runs that share a program: same plan, other numbers. grid.z counts entries of the list; entry z names the place
// that the blocks with this z work for, a negative entry nobody. A memory lies at one address for place 0 and `stride` elements
// further on for each next place; a stride of 0 is shared by all. Elements are float32 where nothing else is said.
// All structures have only members of 8 and of 4 bytes, the former first, and are multiples of 8 bytes long.
#pragma once

typedef unsigned long long Address;
typedef long long Elements;

const int AXES = 6;            // axes of a view, after neighbours that walk alike were joined
const int SLOTS = 64;          // results of a chain that are kept at one time
const int CHAIN_THREADS = 256; // threads of a block of `chain`, each with CHAIN_LANES elements
const int CHAIN_LANES = 4;
const int THREADS = 256; // threads of a block of every other kernel but the matrix products

struct Places {
    Address list; // int32 for each z of the grid
};

struct Memory {
    Address address; // of place 0's first element
    Elements stride; // elements from a place to the next
};

// A value as a walk over `shape` sees it: element (i0, i1, …) lies at steps · i. Where `chosen` has an address, its number i0 is
// a row of a table, and the element lies `row` elements further for each row; steps[0] is then 0.
struct View {
    Memory memory;
    Memory chosen; // int32
    int steps[AXES];
    int row;
    int unused;
};

// ---- chain: elementwise operations in one pass. block 256, grid ceil(count / 1024) x 1 x places.

enum Operation {
    COPY = 0, // also Detach
    NEGATE = 1,
    EXP = 2,
    LOG = 3,
    SQRT = 4,
    TANH = 5,
    ERF = 6,
    ADD = 16,
    SUBTRACT = 17,
    MULTIPLY = 18,
    DIVIDE = 19,
    MAXIMUM = 20,
    GREATER = 21,
    EQUAL_TO = 22,
};

// Where an argument comes from, in its upper 8 bits; the lower 24 say which one.
enum Kind {
    SLOT = 0 << 24,   // the result that was last kept in this slot
    VIEW = 1 << 24,   // the chain's view
    NUMBER = 2 << 24, // the chain's number
};

struct Link { // 16 bytes
    int operation; // | slot << 8: where the result is kept (slots may be used again)
    int a;
    int b;     // of one argument: the same as a
    int store; // the view that the result is written to, or -1
};

struct ChainBlock {
    Address links;   // Link[linkCount]
    Address views;   // View[], those read and those written
    Address numbers; // float[]
    int shape[AXES]; // row-major; 1 beyond `axes`
    int axes;
    int linkCount;
    int count; // product of the shape
    int unused;
};

// ---- sum: over some axes, in float64. block 256, grid ceil(outputs / (256 / lanes)) x 1 x places.

enum SumTarget {
    SET_SINGLE = 0,
    ADD_SINGLE = 1,
    SET_DOUBLE = 2, // the output is float64
    ADD_DOUBLE = 3,
};

struct SumBlock {
    Memory input;
    Memory output;
    int kept[AXES];       // axes that stay, row-major in the output, which is contiguous; 1 where there is none
    int keptSteps[AXES];  // steps through the input
    int summed[AXES];     // axes that are summed over
    int summedSteps[AXES];
    int outputs; // product of kept
    int terms;   // product of summed
    int lanes;   // threads that share an output: 1, 2, 4, … 256. Bits depend on it.
    int across;  // 1: neighbouring threads take neighbouring terms of one output, 0: neighbouring outputs
    int target;  // SumTarget
    int unused;
};

// round_sums: target = (float) sums, contiguous. block 256, grid ceil(count / 256) x 1 x places.
struct RoundBlock {
    Memory sums; // float64
    Memory target;
    int count;
    int unused;
};

// ---- largest: the largest element of each row, or its place. block 256 = 8 rows, grid ceil(rows / 8) x 1 x places.
struct LargestBlock {
    Memory input;  // [rows, width] contiguous
    Memory output; // [rows]
    int rows;
    int width;
    int place; // 1: ArgMax, 0: Max
    int unused;
};

// ---- matmul_single (3xTF32), matmul_tf32, matmul_plain (float32 multiply-adds): C = A·B or C += A·B for each of `batches` pairs.
// matmul_single, matmul_tf32: block 128, grid ceil(n / 64) · ceil(m / 64) x batches x places.
// matmul_plain: block 256, grid ceil(m · n / 256) x batches x places.
struct MatMulBlock {
    Memory left;
    Memory right;
    Memory output;
    Elements leftBatch; // elements from a pair to the next
    Elements rightBatch;
    Elements outputBatch;
    int m;
    int k;
    int n;
    int batches;
    int leftRow;     // steps through A: [m, k]
    int leftInner;
    int rightInner;  // steps through B: [k, n]
    int rightColumn;
    int outputRow;   // steps through C: [m, n]; columns lie side by side
    int add;         // 1: C += A·B
};

// ---- rows by index
// scatter_add: table[v] = (+=) the rows whose index is v, in row order. block 256, grid (table's rows) x ceil(width / 256) x places.
struct ScatterBlock {
    Memory rows;    // [count, width] contiguous
    Memory indices; // int32 [count]
    Memory table;   // [bound, width] contiguous
    int count;
    int width;
    int add;
    int unused;
};

// one_hot: output[r, c] = 1 where c is r's index, else 0. numbers: output[r] = r's index (bound unused). block 256, grid ceil(elements / 256) x 1 x places.
struct IndexBlock {
    Memory indices; // int32 [count]
    Memory output;  // contiguous
    int count;
    int bound;
};

// ---- survivors: factors of dropout. block 256, grid ceil(count / 1024) x 1 x places.
struct SurvivorsBlock {
    Memory key;    // two uint64: cipher and stream of the key, split by layer already
    Memory output; // contiguous
    Address threshold; // round(rate · 2^32)
    int count;
    float factor; // 1 / (1 - rate), rounded
};

// record: row (counter mod rows) of a ring takes one number of each source. block 256, grid 1 x 1 x places.
struct RecordBlock {
    Memory ring;     // [rows, sourceCount]
    Memory counter;  // int32
    Address sources; // Memory[sourceCount], one number each
    int sourceCount;
    int rows;
};

// ---- the quadratic network, whose hidden values z = first[x1] + second[x2] are never stored; p <= MOST_CLASSES
const int MOST_CLASSES = 128;

// quadratic_forward_single, quadratic_forward_tf32: f = z² · weightsᵀ and what follows from it element by element. block 128, grid ceil(count / 64) · ceil(classes / 64) x 1 x places.
struct QuadraticForwardBlock {
    Memory first; // [p, width], the rows that x1 and x2 choose
    Memory second;
    Memory firstIndices; // int32 [count]
    Memory secondIndices;
    Memory weights; // [classes, width]
    Memory labels;  // int32 [count]
    Memory scaled;  // f · scale; this and the next two are [count, classes], and not written where the address is 0
    Memory squares; // r², where r = f · scale - (1 at the label, else 0)
    Memory residual; // r · factor
    int count;
    int width;
    int classes;
    float scale;
    float factor;
    int unused;
};

// quadratic_backward_single, quadratic_backward_tf32: d = (residual · weights) z · factor, and the gradients residualᵀ · z² of the weights and, added up by index, d of both tables. A block owns
// the complete gradients of 32 hidden neurons. block 256, grid ceil(width / 32) x 1 x places.
struct QuadraticBackwardBlock {
    Memory residual; // [count, classes]
    Memory weights;  // [classes, width]
    Memory first;    // [modulus, width]
    Memory second;
    Memory firstIndices; // int32 [count]
    Memory secondIndices;
    Memory weightGradient; // [classes, width]
    Memory firstGradient;  // [modulus, width]
    Memory secondGradient;
    int count;
    int width;
    int classes; // <= MOST_CLASSES
    int modulus; // <= MOST_CLASSES
    float factor;
    int unused;
};
