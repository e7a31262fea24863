extension BenchmarkSource {
  var cpp: String {
    """
    #include "\(name).hpp"

    #include <cstdio>
    #include <cstdlib>
    #include <ctime>
    #include <string>
    #include <vector>

    namespace {

    using Number = \(isFloat ? "float" : "double");
    constexpr std::size_t inputs = \(name)::input_count, outputs = \(name)::output_count;
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

    void sum(const double* out, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) checksum += out[i];
    }

    }  // namespace

    int main(int argc, char** argv) {
      if (argc < 5) return 64;
      const std::size_t rows = std::strtoull(argv[3], nullptr, 10);
      std::vector<Number> events(rows * inputs);
      std::vector<double> out(rows * outputs);
      std::FILE* file = std::fopen(argv[2], "rb");
      if (!file || std::fread(events.data(), sizeof(Number), events.size(), file) != events.size()) return 74;
      std::fclose(file);
      const Number* x = events.data();

      if (std::string(argv[1]) == "check") {
        file = std::fopen(argv[4], "wb");
        if (!file) return 74;
        for (std::size_t row = 0; row < rows; ++row) \(name)::evaluate(x + row * inputs, &out[row * outputs]);
        if (std::fwrite(out.data(), sizeof(double), out.size(), file) != out.size()) return 74;
        \(name)::evaluate_batch(x, rows, out.data());
        if (std::fwrite(out.data(), sizeof(double), out.size(), file) != out.size()) return 74;
        return std::fclose(file) == 0 ? 0 : 74;
      }

      std::size_t row = std::strtoull(argv[4], nullptr, 10);
      const double budget = std::strtod(argv[5], nullptr) / 1000;
      const double single = nanoseconds(budget, 16, [&](std::size_t count) {
        double one[outputs];
        for (; count > 0; --count) {
          \(name)::evaluate(x + row * inputs, one);
          sum(one, outputs);
          if (++row == rows) row = 0;
        }
      });
      const double batch = nanoseconds(budget, 1, [&](std::size_t count) {
        for (; count > 0; --count) {
          \(name)::evaluate_batch(x, rows, out.data());
          sum(out.data(), out.size());
        }
      });
      std::printf("%.6g %.6g %.17g\\n", single, batch / static_cast<double>(rows), checksum);
    }

    """
  }
}
