// LightGBM's own library through its C interface: single events by its fast call for one row. MODEL is an environment variable.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" {
int LGBM_BoosterCreateFromModelfile(const char* path, int* iterations, void** booster);
int LGBM_BoosterPredictForMatSingleRowFastInit(
    void* booster, int kind, int first, int count, int type, std::int32_t columns, const char* options, void** fast);
int LGBM_BoosterPredictForMatSingleRowFast(void* fast, const void* row, std::int64_t* count, double* out);
int LGBM_BoosterPredictForMat(
    void* booster, const void* rows, int type, std::int32_t count, std::int32_t columns, int row_major, int kind, int first,
    int iterations, const char* options, std::int64_t* written, double* out);

extern const int peer_inputs = INPUTS;
extern const int peer_outputs = 1;
}

namespace {

struct Booster {
  void* booster = nullptr;
  void* fast = nullptr;
  Booster() {
    int iterations = 0;
    const char* path = std::getenv("MODEL");
    if (!path || LGBM_BoosterCreateFromModelfile(path, &iterations, &booster) != 0) std::exit(74);
    // Kind 0: the final prediction. Type 0: float32.
    if (LGBM_BoosterPredictForMatSingleRowFastInit(booster, 0, 0, -1, 0, INPUTS, "num_threads=1", &fast) != 0) std::exit(70);
  }
};
const Booster model;

}  // namespace

extern "C" {

void peer_one(const float* x, double* out) {
  std::int64_t count = 0;
  LGBM_BoosterPredictForMatSingleRowFast(model.fast, x, &count, out);
}

void peer_batch(const float* x, std::size_t rows, double* out) {
  std::int64_t count = 0;
  LGBM_BoosterPredictForMat(
      model.booster, x, 0, static_cast<std::int32_t>(rows), INPUTS, 1, 0, 0, -1, "num_threads=1", &count, out);
}
}
