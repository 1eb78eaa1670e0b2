// The quadratic network's way back. Hidden neurons are coupled only through the residual, so a block that owns 32 of them and goes through all samples has their complete gradients: nothing but
// these is stored, and nobody adds to what another adds to. What falls on the tables' rows is added up as a product with the one-hot rows, which tensor cores multiply without an error.
#include "product.h"

const int OWNED = 32;       // hidden neurons of a block
const int SAMPLES = 32;     // taken at a time
const int RESIDUAL_ROW = MOST_CLASSES + 4; // 4 to spare: 8 rows by 4 columns lie in 32 banks
const int HIDDEN_ROW = OWNED + 8;          // 8 to spare: 4 rows by 8 columns do
const int EDGE = 16;                       // rows of a fragment
const int GROUP = 4;                       // fragments that share what they are multiplied by
const int KINDS = 3;                       // gradients: the weights', the first and the second table's
const int GROUPS = KINDS * MOST_CLASSES / (EDGE * GROUP); // of all gradients, for 8 columns
const int MINE = GROUPS / 2;               // groups of a warp

// c += a · b with b in its parts, and a too where it is no one-hot row.
template <bool SINGLE, int M> DEVICE void accumulate(float (&c)[M][1][4], const float (&a)[M][4], const float (&b)[1][2], bool isExact) {
    float largeA[M][4], smallA[M][4], largeB[1][2], smallB[1][2];
    UNROLL for (int i = 0; i < M; i++) UNROLL for (int part = 0; part < 4; part++) split(a[i][part], largeA[i][part], smallA[i][part]);
    UNROLL for (int part = 0; part < 2; part++) split(b[0][part], largeB[0][part], smallB[0][part]);
    if (SINGLE) {
        if (!isExact) mma_tf32(c, smallA, largeB);
        mma_tf32(c, largeA, smallB);
    }

    mma_tf32(c, largeA, largeB);
}

template <bool SINGLE> DEVICE void backward(const QuadraticBackwardBlock &block, const Places &places) {
    SHARED(float, residuals, SAMPLES * RESIDUAL_ROW);
    SHARED(float, weights, MOST_CLASSES * HIDDEN_ROW);
    SHARED(float, hidden, SAMPLES * HIDDEN_ROW); // z, then z²
    SHARED(float, slopes, SAMPLES * HIDDEN_ROW); // d
    SHARED(int, chosen, 2 * SAMPLES);
    int place = place_of(places);
    if (place < 0) return;
    int firstOwned = block_x() * OWNED, warp = thread() / 32, group = thread() % 32 / 4, member = thread() % 4;
    int inner = (block.classes + 7) / 8 * 8;

    const float GLOBAL *allWeights = at<const float>(block.weights, place);
    for (int i = thread(); i < inner * OWNED; i += THREADS) {
        int row = i / OWNED, column = i % OWNED;
        weights[row * HIDDEN_ROW + column] = row < block.classes && firstOwned + column < block.width ? allWeights[(Elements)row * block.width + firstOwned + column] : 0;
    }

    // Warps 0 … 3 and 4 … 7 take the columns 8 · (warp mod 4) …, each half of the groups: those of the weights and half of the first table's, and the rest.
    int column = warp % 4 * 8, firstGroup = warp / 4 * MINE;
    float sums[MINE][GROUP][1][4] = {};
    for (int first = 0; first < block.count; first += SAMPLES) {
        if (thread() < SAMPLES) {
            bool isSample = first + thread() < block.count;
            chosen[thread()] = isSample ? at<const int>(block.firstIndices, place)[first + thread()] : -1;
            chosen[SAMPLES + thread()] = isSample ? at<const int>(block.secondIndices, place)[first + thread()] : -1;
        }

        const float GLOBAL *allResiduals = at<const float>(block.residual, place);
        for (int i = thread(); i < SAMPLES * MOST_CLASSES; i += THREADS) {
            int row = i / MOST_CLASSES, place_in_row = i % MOST_CLASSES;
            residuals[row * RESIDUAL_ROW + place_in_row] = first + row < block.count && place_in_row < block.classes ? allResiduals[(Elements)(first + row) * block.classes + place_in_row] : 0;
        }

        block_sync();
        const float GLOBAL *firstTable = at<const float>(block.first, place), *secondTable = at<const float>(block.second, place);
        for (int i = thread(); i < SAMPLES * OWNED; i += THREADS) {
            int row = i / OWNED, neuron = i % OWNED;
            bool exists = chosen[row] >= 0 && firstOwned + neuron < block.width;
            hidden[row * HIDDEN_ROW + neuron] =
                exists ? firstTable[(Elements)chosen[row] * block.width + firstOwned + neuron] + secondTable[(Elements)chosen[SAMPLES + row] * block.width + firstOwned + neuron] : 0;
        }

        // residual · weights: a fragment of 16 samples and 8 neurons for each warp.
        float d[1][1][4] = {};
        int sample = warp / 4 * EDGE;
        for (int k = 0; k < inner; k += 8) {
            float a[1][4], b[1][2];
            UNROLL for (int part = 0; part < 4; part++) a[0][part] = residuals[(sample + group + part % 2 * 8) * RESIDUAL_ROW + k + member + part / 2 * 4];
            UNROLL for (int part = 0; part < 2; part++) b[0][part] = weights[(k + member + part * 4) * HIDDEN_ROW + column + group];
            accumulate<SINGLE>(d, a, b, false);
        }

        block_sync();
        UNROLL for (int part = 0; part < 4; part++) {
            int at = (sample + group + part / 2 * 8) * HIDDEN_ROW + column + member * 2 + part % 2;
            float z = hidden[at];
            slopes[at] = d[0][0][part] * z * block.factor;
            hidden[at] = z * z;
        }

        block_sync();
        for (int k = 0; k < SAMPLES; k += 8) {
            float square[1][2], slope[1][2];
            UNROLL for (int part = 0; part < 2; part++) {
                int at = (k + member + part * 4) * HIDDEN_ROW + column + group;
                square[0][part] = hidden[at];
                slope[0][part] = slopes[at];
            }

            UNROLL for (int i = 0; i < MINE; i++) {
                int kind = (firstGroup + i) * GROUP * EDGE / MOST_CLASSES, row = (firstGroup + i) * GROUP * EDGE % MOST_CLASSES;
                if (row >= (kind == 0 ? block.classes : block.modulus)) continue;
                float a[GROUP][4];
                UNROLL for (int j = 0; j < GROUP; j++) UNROLL for (int part = 0; part < 4; part++) {
                    int mine = row + j * EDGE + group + part % 2 * 8, of = k + member + part / 2 * 4;
                    a[j][part] = kind == 0 ? residuals[of * RESIDUAL_ROW + mine] : chosen[(kind - 1) * SAMPLES + of] == mine ? 1.0f : 0.0f;
                }

                if (kind == 0)
                    accumulate<SINGLE>(sums[i], a, square, false);
                else
                    accumulate<SINGLE>(sums[i], a, slope, true);
            }
        }

        block_sync();
    }

    UNROLL for (int i = 0; i < MINE; i++) UNROLL for (int j = 0; j < GROUP; j++) UNROLL for (int part = 0; part < 4; part++) {
        int kind = (firstGroup + i) * GROUP * EDGE / MOST_CLASSES;
        int row = (firstGroup + i) * GROUP * EDGE % MOST_CLASSES + j * EDGE + group + part / 2 * 8, neuron = firstOwned + column + member * 2 + part % 2;
        if (row < (kind == 0 ? block.classes : block.modulus) && neuron < block.width)
            at<float>(kind == 0 ? block.weightGradient : kind == 1 ? block.firstGradient : block.secondGradient, place)[(Elements)row * block.width + neuron] = sums[i][j][0][part];
    }
}

KERNEL(quadratic_backward_tf32, THREADS, QuadraticBackwardBlock) { backward<false>(block, places); }

KERNEL(quadratic_backward_single, THREADS, QuadraticBackwardBlock) { backward<true>(block, places); }
