#include "petrified.hpp"

extern "C" {
extern const int peer_inputs = petrified::input_count;
extern const int peer_outputs = petrified::output_count;
void peer_one(const float* x, double* out) { petrified::evaluate(x, out); }
void peer_batch(const float* x, std::size_t rows, double* out) { petrified::evaluate_batch(x, rows, out); }
}
