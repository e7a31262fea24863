// The inner loops of the fast evaluator that Swift cannot say: trees asked by ranks, one event at a time or many side by side.
//
// What is computed stands in runtime/, in text that emitted C and C++ carry too. Here it is compiled for both widths of thresholds
// and of leaf values, and for several instruction sets; the best one that the processor has is chosen at run time. All of them
// give the same bits.

#ifndef C_FOREST_KERNELS_H
#define C_FOREST_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Here trees of all kinds are asked; an emitted program has what its own trees need.
#define FOREST_BYTES 1
#define FOREST_ANY_SHAPE 1
#define FOREST_OBLIVIOUS 1
#define FOREST_LEVELS 8

#include "../runtime/types.inc"
#include "ForestRuntimeText.h"

// Which instruction set the functions use: 0 vectors of 16 bytes, 1 AVX2, 2 AVX-512 with its permutations of bytes (VBMI).
int forest_instruction_set(void);

// Uses a lower one from now on (for tests and measurements); higher ones than the processor has are ignored.
void forest_limit_instruction_set(int highest);

// The ranks of one event's features, one for each column. `ranks` has room for FOREST_COLUMNS.
void forest_rank_event_f32(
    const forest_column* columns, size_t column_count, const float* thresholds, const float* features, uint8_t* ranks);
void forest_rank_event_f64(
    const forest_column* columns, size_t column_count, const double* thresholds, const double* features, uint8_t* ranks);

// The leaves, counted from left to right, that one event reaches. `columns` and `complements` are the two tables of tests.
void forest_find_event_leaves(
    const forest_tree* trees, size_t tree_count, const forest_node* nodes, const forest_side* sides, const uint8_t* columns,
    const uint8_t* complements,
    const uint8_t* ranks, int32_t* leaves);

// For each tree, in order, adds what the leaf holds that one event reaches to the event's sums, rounding once: `leaf_width` numbers
// to as many sums from the tree's output on.
void forest_add_event_f32(
    const forest_tree* trees, size_t tree_count, const forest_node* nodes, const forest_side* sides, const uint8_t* columns,
    const uint8_t* complements,
    const float* leaves, unsigned leaf_width, size_t column_count, const uint8_t* ranks, float* sums);
void forest_add_event_f64(
    const forest_tree* trees, size_t tree_count, const forest_node* nodes, const forest_side* sides, const uint8_t* columns,
    const uint8_t* complements,
    const double* leaves, unsigned leaf_width, size_t column_count, const uint8_t* ranks, double* sums);

// The same for `rows` events, a multiple of 64 and FOREST_ROWS at most. x is a column of numbers; columns of ranks and of sums are
// FOREST_ROWS long.
void forest_rank_column_f32(
    const float* x, size_t rows, const float* thresholds, unsigned count, unsigned nan_rank, uint8_t* ranks);
void forest_rank_column_f64(
    const double* x, size_t rows, const double* thresholds, unsigned count, unsigned nan_rank, uint8_t* ranks);
void forest_add_block_f32(
    const forest_tree* trees, size_t tree_count, const uint8_t* columns, const uint8_t* complements, const forest_split* splits,
    const float* leaves, unsigned leaf_width, const uint8_t* ranks, size_t rows, float* sums);
void forest_add_block_f64(
    const forest_tree* trees, size_t tree_count, const uint8_t* columns, const uint8_t* complements, const forest_split* splits,
    const double* leaves, unsigned leaf_width, const uint8_t* ranks, size_t rows, double* sums);

#include "ForestColumns.h"
#include "ForestWideKernels.h"

#endif
