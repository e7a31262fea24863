/* What m2cgen writes: `void score(double* input, double* output)`, the probabilities of two classes. */
#include <stddef.h>

void score(double* input, double* output);

const int peer_inputs = INPUTS;
const int peer_outputs = 1;

void peer_one(const float* x, double* out) {
  double row[INPUTS], result[2];
  for (int i = 0; i < INPUTS; ++i) row[i] = (double)x[i];
  score(row, result);
  *out = result[1];
}

void peer_batch(const float* x, size_t rows, double* out) {
  for (size_t row = 0; row < rows; ++row) peer_one(x + row * INPUTS, out + row);
}
