// What CatBoost exports as C++: a function of a vector.
#include <cstddef>
#include <vector>

#include CODE

extern "C" {
extern const int peer_inputs = INPUTS;
extern const int peer_outputs = 1;

void peer_one(const float* x, double* out) {
  static std::vector<float> row(INPUTS);
  row.assign(x, x + INPUTS);
  *out = ApplyCatboostModel(row);
}

void peer_batch(const float* x, std::size_t rows, double* out) {
  for (std::size_t row = 0; row < rows; ++row) peer_one(x + row * INPUTS, out + row);
}
}
