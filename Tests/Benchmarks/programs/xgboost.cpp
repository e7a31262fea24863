// XGBoost's own library through its C interface. MODEL is an environment variable.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" {
int XGBoosterCreate(const void* matrices, std::uint64_t count, void** booster);
int XGBoosterLoadModel(void* booster, const char* path);
int XGBoosterSetParam(void* booster, const char* name, const char* value);
int XGBoosterPredictFromDense(
    void* booster, const char* array, const char* options, void* proxy, const std::uint64_t** shape, std::uint64_t* dimensions,
    const float** result);

extern const int peer_inputs = INPUTS;
extern const int peer_outputs = 1;
}

namespace {

struct Booster {
  void* booster = nullptr;
  Booster() {
    const char* path = std::getenv("MODEL");
    if (!path || XGBoosterCreate(nullptr, 0, &booster) != 0 || XGBoosterLoadModel(booster, path) != 0) std::exit(74);
    XGBoosterSetParam(booster, "nthread", "1");
  }
};
const Booster model;

const float* predicted(const float* x, std::size_t rows) {
  char array[256];
  std::snprintf(
      array, sizeof array, "{\"data\": [%zu, true], \"shape\": [%zu, %d], \"typestr\": \"<f4\", \"version\": 3}",
      reinterpret_cast<std::size_t>(x), rows, INPUTS);
  const std::uint64_t* shape = nullptr;
  std::uint64_t dimensions = 0;
  const float* result = nullptr;
  const char* options =
      "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, \"strict_shape\": false, "
      "\"missing\": NaN}";
  if (XGBoosterPredictFromDense(model.booster, array, options, nullptr, &shape, &dimensions, &result) != 0) std::exit(70);
  return result;
}

}  // namespace

extern "C" {

void peer_one(const float* x, double* out) { *out = static_cast<double>(*predicted(x, 1)); }

void peer_batch(const float* x, std::size_t rows, double* out) {
  const float* result = predicted(x, rows);
  for (std::size_t row = 0; row < rows; ++row) out[row] = static_cast<double>(result[row]);
}
}
