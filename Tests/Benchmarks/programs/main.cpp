// The main program around a scorer that was compiled from somebody's code. It does for all of them what `petrify bench` does.
//
//     PROGRAM check EVENTS ROWS OUT                      float64 results of ROWS events, from one call an event
//     PROGRAM time EVENTS ROWS FIRST MILLISECONDS [MODE]  nanoseconds an event of processor time, single and batch
//
// EVENTS are raw float32 numbers. What is timed is doubled until it takes long enough, and only the last time counts. MODE is
// `single` for scorers without a batch call. The calls go through a function of another object file, the same for all.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

extern "C" {
extern const int peer_inputs;
extern const int peer_outputs;
void peer_one(const float* x, double* out);
void peer_batch(const float* x, std::size_t rows, double* out);
}

namespace {

double checksum = 0;

template <class Work>
double nanoseconds(double budget, std::size_t count, Work work) {
  for (;; count *= 2) {
    const std::clock_t start = std::clock();
    work(count);
    const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (taken >= budget) return 1e9 * taken / static_cast<double>(count);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 64;
  const std::size_t inputs = peer_inputs, outputs = peer_outputs, rows = std::strtoull(argv[3], nullptr, 10);
  std::vector<float> x(rows * inputs);
  std::vector<double> out(rows * outputs);
  std::FILE* file = std::fopen(argv[2], "rb");
  if (!file || std::fread(x.data(), sizeof(float), x.size(), file) != x.size()) return 74;
  std::fclose(file);

  if (std::strcmp(argv[1], "check") == 0) {
    for (std::size_t row = 0; row < rows; ++row) peer_one(&x[row * inputs], &out[row * outputs]);
    file = std::fopen(argv[4], "wb");
    if (!file || std::fwrite(out.data(), sizeof(double), out.size(), file) != out.size()) return 74;
    return std::fclose(file) == 0 ? 0 : 74;
  }

  std::size_t row = std::strtoull(argv[4], nullptr, 10) % rows;
  const double budget = std::strtod(argv[5], nullptr) / 1000;
  const double single = nanoseconds(budget, 16, [&](std::size_t count) {
    for (; count > 0; --count) {
      peer_one(&x[row * inputs], out.data());
      checksum += out[0];
      if (++row == rows) row = 0;
    }
  });
  double batch = 0;
  if (argc < 7) {
    batch = nanoseconds(budget, 1, [&](std::size_t count) {
      for (; count > 0; --count) {
        peer_batch(x.data(), rows, out.data());
        checksum += out[0] + out[rows * outputs - 1];
      }
    });
  }
  std::printf("%.6g %.6g %.17g\n", single, batch / static_cast<double>(rows), checksum);
}
