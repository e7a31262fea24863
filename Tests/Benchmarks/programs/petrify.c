#include "petrified.h"

const int peer_inputs = petrified_input_count;
const int peer_outputs = petrified_output_count;
void peer_one(const float* x, double* out) { petrified_evaluate_float(x, out); }
void peer_batch(const float* x, size_t rows, double* out) {
  petrified_evaluate_batch_float(x, rows, petrified_input_count, out, petrified_output_count);
}
