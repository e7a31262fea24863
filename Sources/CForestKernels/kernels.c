// The instruction sets: one source, compiled several times, and the choice between them.

#include "CForestKernels.h"

#include <string.h>

#define JOINED(name, set) name##_##set
#define NAMED(name, set) JOINED(name, set)

// Vectors of 16 bytes: what every x86-64 and every 64-bit Arm processor has.
#define SET baseline
#define LANES 16
#include "kernels.inc"
#undef SET
#undef LANES

#if defined(__x86_64__) && defined(__clang__)
#define HAS_X86_SETS 1
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define SET avx2
#define LANES 32
#include "kernels.inc"
#undef SET
#undef LANES
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512))), apply_to = function)
#include "kernels-avx512.inc"
#pragma clang attribute pop
#endif

static int detected(void) {
#ifdef HAS_X86_SETS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return 2;
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

#ifdef HAS_X86_SETS
#define DISPATCH(name, arguments)                          \
  switch (forest_instruction_set()) {                      \
    case 2: NAMED(name, avx512) arguments; return;         \
    case 1: NAMED(name, avx2) arguments; return;           \
    default: NAMED(name, baseline) arguments; return;      \
  }
#else
#define DISPATCH(name, arguments) NAMED(name, baseline) arguments;
#endif

void forest_rank_f64(const double *x, size_t rows, const double *thresholds, unsigned count, uint8_t nan_rank, uint8_t *ranks) {
  DISPATCH(rank_f64, (x, rows, thresholds, count, nan_rank, ranks))
}

void forest_rank_f32(const double *x, size_t rows, const float *thresholds, unsigned count, uint8_t nan_rank, uint8_t *ranks) {
  DISPATCH(rank_f32, (x, rows, thresholds, count, nan_rank, ranks))
}

void forest_add_trees_f64(
    const struct forest_tree *trees, size_t tree_count, const struct forest_split *splits, const double *leaves,
    unsigned leaf_width, const uint8_t *ranks, size_t rows, double *sums) {
  DISPATCH(add_trees_f64, (trees, tree_count, splits, leaves, leaf_width, ranks, rows, sums))
}

void forest_add_trees_f32(
    const struct forest_tree *trees, size_t tree_count, const struct forest_split *splits, const float *leaves,
    unsigned leaf_width, const uint8_t *ranks, size_t rows, float *sums) {
  DISPATCH(add_trees_f32, (trees, tree_count, splits, leaves, leaf_width, ranks, rows, sums))
}
