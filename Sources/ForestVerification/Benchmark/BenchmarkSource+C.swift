extension BenchmarkSource {
  var c: String {
    let suffix = isFloat ? "_float" : ""
    return """
      #include "\(name).h"

      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <time.h>

      typedef \(isFloat ? "float" : "double") number;
      enum { inputs = \(name)_input_count, outputs = \(name)_output_count };
      static const number* x;
      static double* out;
      static size_t rows, row;
      static double checksum;

      static void sum(const double* results, size_t count) {
        for (size_t i = 0; i < count; ++i) checksum += results[i];
      }

      static void one_by_one(size_t count) {
        double one[outputs];
        for (; count > 0; --count) {
          \(name)_evaluate\(suffix)(x + row * inputs, one);
          sum(one, outputs);
          if (++row == rows) row = 0;
        }
      }

      static void all_at_once(size_t count) {
        for (; count > 0; --count) {
          \(name)_evaluate_batch\(suffix)(x, rows, inputs, out, outputs);
          sum(out, rows * outputs);
        }
      }

      static double nanoseconds(double budget, size_t count, void (*work)(size_t)) {
        for (;; count *= 2) {
          const clock_t start = clock();
          work(count);
          const double taken = (double)(clock() - start) / CLOCKS_PER_SEC;
          if (taken >= budget) return 1e9 * taken / (double)count;
        }
      }

      int main(int argc, char** argv) {
        if (argc < 5) return 64;
        rows = (size_t)strtoull(argv[3], NULL, 10);
        const size_t results = rows * outputs;
        number* events = malloc(rows * inputs * sizeof(number));
        out = malloc(results * sizeof(double));
        FILE* file = fopen(argv[2], "rb");
        if (!events || !out || !file || fread(events, sizeof(number), rows * inputs, file) != rows * inputs) return 74;
        fclose(file);
        x = events;

        if (strcmp(argv[1], "check") == 0) {
          file = fopen(argv[4], "wb");
          if (!file) return 74;
          for (size_t i = 0; i < rows; ++i) \(name)_evaluate\(suffix)(x + i * inputs, out + i * outputs);
          if (fwrite(out, sizeof(double), results, file) != results) return 74;
          \(name)_evaluate_batch\(suffix)(x, rows, inputs, out, outputs);
          if (fwrite(out, sizeof(double), results, file) != results) return 74;
          return fclose(file) == 0 ? 0 : 74;
        }

        row = (size_t)strtoull(argv[4], NULL, 10);
        const double budget = strtod(argv[5], NULL) / 1000;
        const double single = nanoseconds(budget, 16, one_by_one);
        const double batch = nanoseconds(budget, 1, all_at_once);
        printf("%.6g %.6g %.17g\\n", single, batch / (double)rows, checksum);
        return 0;
      }

      """
  }
}
