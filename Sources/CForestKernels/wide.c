// runtime/wide*.inc for both widths of thresholds and of leaf values.

#include "ForestWideKernels.h"

#include "runtime/compiler.inc"
#include "runtime/wide.inc"

void forest_wide_find_event_leaves(
    const forest_wide_tree* trees, size_t tree_count, const forest_wide_node* nodes, const forest_wide_rank* ranks, uint32_t* places) {
  for (size_t t = 0; t < tree_count; t += FOREST_LANES) {
    const size_t count = tree_count - t < FOREST_LANES ? tree_count - t : FOREST_LANES;
    uint32_t found[FOREST_LANES];
    forest_wide_find_event(trees + t, count, nodes, ranks, found);
    for (size_t k = 0; k < count; ++k) places[t + k] = found[k];
  }
}

void forest_wide_find_block_leaves(
    const forest_wide_tree* tree, const forest_wide_node* nodes, const forest_wide_rank* ranks, size_t group_size, size_t rows,
    uint32_t* places) {
  for (size_t row = 0; row < rows; row += FOREST_LANES) {
    uint32_t found[FOREST_LANES];
    forest_wide_find(tree, nodes, ranks, found);
    for (size_t k = 0; k < FOREST_LANES; ++k) places[row + k] = found[k];
    ranks += group_size;
  }
}

#define WIDTH f32
#define NUMBER float
#include "wide-width.inc"

#define WIDTH f64
#define NUMBER double
#include "wide-width.inc"
