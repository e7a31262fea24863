// Trees of many leaves, asked by ranks of 16 bits. This needs no particular instruction set.

#ifndef FOREST_WIDE_KERNELS_H
#define FOREST_WIDE_KERNELS_H

#include "CForestKernels.h"

#include "../runtime/wide-types.inc"

// The ranks of one event's features. `ranks` has room for one group: FOREST_LANES for each column and as many for column 0.
void forest_wide_rank_event_f32(
    const forest_column* columns, size_t column_count, const float* thresholds, const float* features, forest_wide_rank* ranks);
void forest_wide_rank_event_f64(
    const forest_column* columns, size_t column_count, const double* thresholds, const double* features, forest_wide_rank* ranks);

// The places of the nodes that are the leaves that one event reaches.
void forest_wide_find_event_leaves(
    const forest_wide_tree* trees, size_t tree_count, const forest_wide_node* nodes, const forest_wide_rank* ranks, uint32_t* places);

// For each tree, in order, adds what the leaf holds that one event reaches to the event's sums, rounding once: `leaf_width` numbers
// to as many sums from the tree's output on.
void forest_wide_add_event_f32(
    const forest_wide_tree* trees, size_t tree_count, const forest_wide_node* nodes, const float* leaves, unsigned leaf_width,
    const forest_wide_rank* ranks, float* sums);
void forest_wide_add_event_f64(
    const forest_wide_tree* trees, size_t tree_count, const forest_wide_node* nodes, const double* leaves, unsigned leaf_width,
    const forest_wide_rank* ranks, double* sums);

// The same for any number of rows that is a multiple of FOREST_LANES. x is a column of numbers, of which there is a threshold at
// least; `ranks` of rank_column points into the first group; groups are `group_size` ranks long. The places of a tree's leaves stand
// side by side, and so do the sums of a row.
void forest_wide_rank_column_f32(
    const float* x, size_t rows, const float* thresholds, unsigned count, unsigned nan_rank, forest_wide_rank* ranks,
    size_t group_size);
void forest_wide_rank_column_f64(
    const double* x, size_t rows, const double* thresholds, unsigned count, unsigned nan_rank, forest_wide_rank* ranks,
    size_t group_size);
void forest_wide_find_block_leaves(
    const forest_wide_tree* tree, const forest_wide_node* nodes, const forest_wide_rank* ranks, size_t group_size, size_t rows,
    uint32_t* places);
void forest_wide_add_block_f32(
    const forest_wide_tree* trees, size_t tree_count, const forest_wide_node* nodes, const float* leaves, unsigned leaf_width,
    const forest_wide_rank* ranks, size_t group_size, size_t rows, float* sums, size_t sum_count);
void forest_wide_add_block_f64(
    const forest_wide_tree* trees, size_t tree_count, const forest_wide_node* nodes, const double* leaves, unsigned leaf_width,
    const forest_wide_rank* ranks, size_t group_size, size_t rows, double* sums, size_t sum_count);

#endif
