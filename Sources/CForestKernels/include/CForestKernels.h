// The inner loops of the fast evaluator that Swift cannot say: many events through one tree at once.
//
// An event is a lane of a vector register, a tree is a list of comparisons of one byte each:
//
//   rank of an event's number        node: column, rank, ...         one comparison, 64 lanes (AVX-512)
//   among the column's thresholds
//        x = 2.7                     "rank >= 3 goes right"          ranks   0 3 4 1 9 ...
//   0.5 │ 1.0 │ 2.5 │ 3.1                                            right   0 1 1 0 1 ...
//      1     2     3     4           (x >= 2.5)
//
// Comparing ranks is comparing numbers: x >= t holds exactly where at least as many thresholds as those up to t are <= x.
//
// Every function is written once and compiled for several instruction sets; the best one that the processor has is chosen
// at run time. All of them give the same bits.

#ifndef C_FOREST_KERNELS_H
#define C_FOREST_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Columns of ranks and of sums are padded to a multiple of this many rows.
#define FOREST_LANES 64

// A split. Parents come before their children, and splits that lead to leaves only come last.
//
// `reach` tells which of the masks made so far says which rows come here: 0 is "all rows", 2i + 1 those that split i sends
// left, 2i + 2 those that it sends right.
struct forest_split {
  uint16_t column;       // of ranks
  uint16_t reach;
  uint8_t rank;          // at least this rank goes right
  uint8_t leaves_left;   // how many leaves lie on the left side
};

struct forest_tree {
  uint32_t first_split;
  uint32_t first_leaf;    // into the leaf values: one for each leaf, from left to right, then the second numbers of all, ...
  uint16_t split_count;   // at most 255
  uint16_t parent_count;  // how many of them, the first ones, have a split below
  uint16_t output;        // the column of sums to which its leaves are added
};

// Which instruction set the functions below use: 0 plain vectors of 16 bytes, 1 AVX2, 2 AVX-512.
int forest_instruction_set(void);

// Uses a lower one from now on (for tests and measurements); higher ones than the processor has are ignored.
void forest_limit_instruction_set(int highest);

// ranks[row] = how many of the thresholds, which ascend, are <= x[row]; `nan_rank` where x[row] is NaN.
//
// `rows` is a multiple of FOREST_LANES; `count` at most 255. `thresholds` is followed by NaN up to 255 entries.
void forest_rank_f64(const double *x, size_t rows, const double *thresholds, unsigned count, uint8_t nan_rank, uint8_t *ranks);
// The same where all x are float32 numbers (they are still handed in as float64).
void forest_rank_f32(const double *x, size_t rows, const float *thresholds, unsigned count, uint8_t nan_rank, uint8_t *ranks);

// For each tree, in order, adds what the leaf holds that each row reaches to the row's sums, rounding once: `leaf_width`
// numbers to as many columns from the tree's output on.
//
// `leaves` is followed by 64 numbers that are never used. `ranks` and `sums` are columns of `rows` numbers each, `rows` being a multiple of FOREST_LANES.
void forest_add_trees_f64(
    const struct forest_tree *trees, size_t tree_count, const struct forest_split *splits, const double *leaves,
    unsigned leaf_width, const uint8_t *ranks, size_t rows, double *sums);
void forest_add_trees_f32(
    const struct forest_tree *trees, size_t tree_count, const struct forest_split *splits, const float *leaves,
    unsigned leaf_width, const uint8_t *ranks, size_t rows, float *sums);

#endif
