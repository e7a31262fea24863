/* What tl2cgen writes: header.h declares `union Entry` and `predict`. Numbers are given to it as entries. */
#include "header.h"

#include <stddef.h>

const int peer_inputs = INPUTS;
const int peer_outputs = 1;

void peer_one(const float* x, double* out) {
  union Entry entries[INPUTS];
  for (int i = 0; i < INPUTS; ++i) entries[i].fvalue = x[i];
  /* It adds to what is there. */
  LEAF_TYPE result[OUTPUTS] = {0};
  predict(entries, 0, result);
  *out = (double)result[OUTPUTS - 1];
}

void peer_batch(const float* x, size_t rows, double* out) {
  for (size_t row = 0; row < rows; ++row) peer_one(x + row * INPUTS, out + row);
}
