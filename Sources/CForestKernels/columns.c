// Rows into columns by tiles of 4 x 4 numbers, which vectors turn around without touching memory in between:
//
//     a b c d        a e i m        two tiles, one above the other, fill a column's 64 bytes at once: what is
//     e f g h   ->   b f j n        written is a whole line of the cache
//     i j k l        c g k o
//     m n o p        d h l p

#include "CForestKernels.h"

#include <string.h>

typedef double four __attribute__((vector_size(32)));
typedef float four_narrow __attribute__((vector_size(16)));

#define INLINE static inline __attribute__((always_inline))

INLINE void turn_tile(const double* rows, size_t input_count, int narrow, double* columns, size_t stride) {
  four a, b, c, d;
  memcpy(&a, rows, sizeof a);
  memcpy(&b, rows + input_count, sizeof b);
  memcpy(&c, rows + 2 * input_count, sizeof c);
  memcpy(&d, rows + 3 * input_count, sizeof d);
  const four ab_even = __builtin_shufflevector(a, b, 0, 4, 2, 6), ab_odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  const four cd_even = __builtin_shufflevector(c, d, 0, 4, 2, 6), cd_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
  four column[4] = {
      __builtin_shufflevector(ab_even, cd_even, 0, 1, 4, 5), __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 4, 5),
      __builtin_shufflevector(ab_even, cd_even, 2, 3, 6, 7), __builtin_shufflevector(ab_odd, cd_odd, 2, 3, 6, 7)};
  for (int i = 0; i < 4; ++i) {
    if (narrow) column[i] = __builtin_convertvector(__builtin_convertvector(column[i], four_narrow), four);
    memcpy(columns + (size_t)i * stride, &column[i], sizeof column[i]);
  }
}

INLINE void turn(const double* rows, size_t row_count, size_t input_count, int narrow, double* columns, size_t stride) {
  size_t row = 0;
  for (; input_count >= 4 && row + 8 <= row_count; row += 8) {
    const double* upper = rows + row * input_count;
    const double* lower = upper + 4 * input_count;
    for (size_t input = 0; input < input_count; input += 4) {
      // The last tile overlaps the one before it, if need be, and says the same once more.
      const size_t i = input + 4 <= input_count ? input : input_count - 4;
      turn_tile(upper + i, input_count, narrow, columns + i * stride + row, stride);
      turn_tile(lower + i, input_count, narrow, columns + i * stride + row + 4, stride);
    }
  }
  for (; row < row_count; ++row) {
    for (size_t input = 0; input < input_count; ++input) {
      const double x = rows[row * input_count + input];
      columns[input * stride + row] = narrow ? (double)(float)x : x;
    }
  }
}

INLINE void turn_as_told(const double* rows, size_t row_count, size_t input_count, int narrow, double* columns, size_t stride) {
  if (narrow) {
    turn(rows, row_count, input_count, 1, columns, stride);
  } else {
    turn(rows, row_count, input_count, 0, columns, stride);
  }
}

// One event, whose columns stand side by side. Vectors write here, since vectors will read: a wide load waits for narrow stores.
static void copy(const double* row, size_t input_count, int narrow, double* columns) {
  if (narrow) {
    for (size_t i = 0; i < input_count; ++i) columns[i] = (double)(float)row[i];
  } else {
    memcpy(columns, row, input_count * sizeof *row);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void turn_avx2(
    const double* rows, size_t row_count, size_t input_count, int narrow, double* columns, size_t stride) {
  turn_as_told(rows, row_count, input_count, narrow, columns, stride);
}
#endif

void forest_columns_of_rows(const double* rows, size_t row_count, size_t input_count, int narrow, double* columns, size_t stride) {
  if (row_count == 1 && stride == 1) {
    copy(rows, input_count, narrow, columns);
    return;
  }
#if defined(__x86_64__)
  if (row_count >= 8 && forest_instruction_set() >= 1) {
    turn_avx2(rows, row_count, input_count, narrow, columns, stride);
    return;
  }
#endif
  turn_as_told(rows, row_count, input_count, narrow, columns, stride);
}

void forest_narrow(const double* x, size_t count, float* narrow) {
  for (size_t i = 0; i < count; ++i) narrow[i] = (float)x[i];
}

void forest_widen(const float* x, size_t count, double* wide) {
  for (size_t i = 0; i < count; ++i) wide[i] = x[i];
}
