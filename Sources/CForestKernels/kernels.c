// The instruction sets: one source, compiled several times, and the choice between them.

#include "CForestKernels.h"

#include <string.h>

#if defined(__x86_64__)
#define HAS_X86_SETS 1
#include <immintrin.h>
#endif

#include "runtime/compiler.inc"
#include "runtime/bytes.inc"
#include "runtime/find-leaves.inc"

// Finding an event's leaves has nothing to do with the width.
#define forest_find_alike_SET forest_find_alike_vectors
#define forest_find_any_shape_SET forest_find_any_shape_vectors
#define forest_find_leaves_SET forest_find_leaves_vectors
#define FOREST_TARGET
#include "runtime/find-leaves-plain.inc"
#include "runtime/find-leaves-event.inc"
#undef forest_find_alike_SET
#undef forest_find_any_shape_SET
#undef forest_find_leaves_SET
#undef FOREST_TARGET
#ifdef HAS_X86_SETS
#define forest_find_leaves_avx2 forest_find_leaves_vectors
#define forest_find_alike_SET forest_find_alike_avx512
#define forest_find_any_shape_SET forest_find_any_shape_avx512
#define forest_find_leaves_SET forest_find_leaves_avx512
#include "runtime/set-avx512.inc"
#include "runtime/find-leaves-avx512.inc"
#include "runtime/find-leaves-event.inc"
#include "runtime/undefine.inc"
#undef forest_find_alike_SET
#undef forest_find_any_shape_SET
#undef forest_find_leaves_SET
#endif

static int detected(void) {
#ifdef HAS_X86_SETS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return 2;
  }
  if (__builtin_cpu_supports("avx2")) return 1;
#endif
  return 0;
}

static int chosen = -1;

int forest_instruction_set(void) {
  int set = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (set < 0) {
    set = detected();
    __atomic_store_n(&chosen, set, __ATOMIC_RELAXED);
  }
  return set;
}

void forest_limit_instruction_set(int highest) {
  int set = detected();
  __atomic_store_n(&chosen, highest < set ? highest : set, __ATOMIC_RELAXED);
}

void forest_find_event_leaves(
    const forest_tree* trees, size_t tree_count, const forest_node* nodes, const forest_side* sides, const uint8_t* columns,
    const uint8_t* complements,
    const uint8_t* ranks, int32_t* leaves) {
  uint8_t leaf[64];
  for (size_t t = 0; t < tree_count; t += 64) {
    const size_t count = tree_count - t < 64 ? tree_count - t : 64;
    forest_find_leaves_vectors(trees + t, count, nodes, sides, columns, complements, FOREST_COLUMNS, ranks, leaf);
    for (size_t k = 0; k < count; ++k) leaves[t + k] = leaf[k];
  }
}

#define WIDTH f32
#define WIDE 0
#include "width.inc"

#define WIDTH f64
#define WIDE 1
#include "width.inc"
