// What petrifyML writes from scikit-learn: templates for anything that has numbers by index.
#include "decision.cc"

#include <cstddef>

extern "C" {
extern const int peer_inputs = INPUTS;
extern const int peer_outputs = 1;

void peer_one(const float* x, double* out) {
  static std::vector<double> row(INPUTS);
  row.assign(x, x + INPUTS);
  *out = decision(row);
}

void peer_batch(const float* x, std::size_t rows, double* out) {
  for (std::size_t row = 0; row < rows; ++row) peer_one(x + row * INPUTS, out + row);
}
}
