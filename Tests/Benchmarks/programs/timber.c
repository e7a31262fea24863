/* What timber writes: model.h and its own tables. */
#include "model.h"

const int peer_inputs = INPUTS;
const int peer_outputs = 1;

static TimberCtx* context;

void peer_one(const float* x, double* out) {
  float result = 0;
  if (!context) timber_init(&context);
  timber_infer_single(x, &result, context);
  *out = (double)result;
}

void peer_batch(const float* x, size_t rows, double* out) {
  for (size_t row = 0; row < rows; ++row) peer_one(x + row * INPUTS, out + row);
}
