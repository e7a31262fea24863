extension CppDriver {
  /// The program; `@MODEL@` stands for the header's namespace, `@HEADING@` for the first line of the output.
  static let code = #"""

    #include <cstdio>
    #include <cstdlib>
    #include <string>
    #include <vector>
    #if __cplusplus >= 201703L
    #include <charconv>
    #endif

    namespace {

    [[noreturn]] void fail(std::size_t line, const std::string& what) {
      std::fflush(stdout);
      if (line > 0) {
        std::fprintf(stderr, "standard input:%zu: error: %s\n", line, what.c_str());
      } else {
        std::fprintf(stderr, "standard input: error: %s\n", what.c_str());
      }
      std::exit(65);
    }

    // Standard input, record by record, as RFC 4180 has it; lines end in LF or CR LF.
    class Records {
     public:
      Records() : buffer_(1 << 16), position_(0), filled_(0), line_(0), next_line_(1), is_quoted_(false), text_(), starts_() {
        refill();
        position_ = 0;
        // A UTF-8 byte order mark.
        if (filled_ >= 3 && buffer_[0] == '\xEF' && buffer_[1] == '\xBB' && buffer_[2] == '\xBF') position_ = 3;
      }

      // Goes to the next record; false at the end.
      bool next() {
        text_.clear();
        starts_.clear();
        int c = get();
        if (c == EOF) return false;
        line_ = next_line_;
        is_quoted_ = c == '"';
        for (;;) {
          starts_.push_back(text_.size());
          if (c == '"') {
            for (;;) {
              c = get();
              if (c == EOF) fail(line_, "a quote is never closed");
              if (c == '"') {
                c = get();
                if (c != '"') break;
              }
              if (c == '\n') ++next_line_;
              text_.push_back(static_cast<char>(c));
            }
          } else {
            while (c != ',' && c != '\n' && c != '\r' && c != EOF) {
              if (c == '"') fail(next_line_, "a quote inside a field that does not begin with one");
              text_.push_back(static_cast<char>(c));
              c = get();
            }
          }
          text_.push_back('\0');
          if (c == ',') {
            c = get();
            continue;
          }
          if (c == '\r') {
            c = get();
            if (c != '\n' && c != EOF) fail(next_line_, "a carriage return without a line feed");
          }
          if (c == '\n') ++next_line_;
          if (c == '\n' || c == EOF) break;
          fail(next_line_, "text behind a closing quote");
        }
        starts_.push_back(text_.size());
        return true;
      }

      std::size_t count() const { return starts_.size() - 1; }
      std::size_t line() const { return line_; }
      // Whether the record is an empty line.
      bool is_blank() const { return text_.size() == 1 && !is_quoted_; }
      // A zero byte follows behind `end`.
      const char* begin(std::size_t field) const { return text_.data() + starts_[field]; }
      const char* end(std::size_t field) const { return text_.data() + starts_[field + 1] - 1; }

     private:
      int get() { return position_ < filled_ ? static_cast<unsigned char>(buffer_[position_++]) : refill(); }

      // Reads on; the first byte, or EOF.
      int refill() {
        filled_ = std::fread(buffer_.data(), 1, buffer_.size(), stdin);
        position_ = 1;
        if (filled_ > 0) return static_cast<unsigned char>(buffer_[0]);
        position_ = 0;
        if (std::ferror(stdin)) {
          std::fprintf(stderr, "standard input: error: cannot be read\n");
          std::exit(74);
        }
        return EOF;
      }

      std::vector<char> buffer_;
      std::size_t position_;
      std::size_t filled_;
      std::size_t line_;
      std::size_t next_line_;
      bool is_quoted_;
      std::string text_;
      std::vector<std::size_t> starts_;
    };

    bool is_digit(char c) { return c >= '0' && c <= '9'; }
    bool is_blank(char c) { return c == ' ' || c == '\t'; }

    // Whether the text is the word, in any case.
    bool is_word(const char* text, const char* end, const char* word) {
      for (; text != end && *word != '\0'; ++text, ++word) {
        const char c = *text >= 'A' && *text <= 'Z' ? static_cast<char>(*text - 'A' + 'a') : *text;
        if (c != *word) return false;
      }
      return text == end && *word == '\0';
    }

    std::string trimmed(const std::string& text) {
      std::size_t first = 0, last = text.size();
      while (first != last && is_blank(text[first])) ++first;
      while (first != last && is_blank(text[last - 1])) --last;
      return text.substr(first, last - first);
    }

    // The double nearest to a decimal number; false if the text is none. An empty field is NaN.
    bool parse(const char* text, const char* end, double& value) {
      while (text != end && is_blank(*text)) ++text;
      while (text != end && is_blank(end[-1])) --end;
      value = static_cast<double>(NAN);
      if (text == end) return true;
      const char* p = text;
      const bool is_negative = *p == '-';
      if (*p == '-' || *p == '+') ++p;
      if (is_word(p, end, "nan")) return true;
      if (is_word(p, end, "inf") || is_word(p, end, "infinity")) {
        value = is_negative ? -HUGE_VAL : HUGE_VAL;
        return true;
      }
      // 0.digits: up to 19 of them fit into 64 bits.
      std::uint64_t digits = 0;
      int taken = 0;
      long exponent = 0;
      bool has_digits = false;
      bool is_exact = true;
      for (int part = 0; part < 2; ++part) {
        for (; p != end && is_digit(*p); ++p) {
          has_digits = true;
          if (taken < 19) {
            digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
            if (digits != 0) ++taken;
            if (part == 1) --exponent;
          } else {
            is_exact = false;
          }
        }
        if (part == 1 || p == end || *p != '.') break;
        ++p;
      }
      if (!has_digits) return false;
      if (p != end && (*p == 'e' || *p == 'E')) {
        ++p;
        const bool is_small = p != end && *p == '-';
        if (p != end && (*p == '-' || *p == '+')) ++p;
        if (p == end) return false;
        long power = 0;
        for (; p != end && is_digit(*p); ++p) {
          if (power < 100000) power = power * 10 + (*p - '0');
        }
        exponent += is_small ? -power : power;
      }
      if (p != end) return false;
      // Both numbers exact in a double and one operation: the result is rounded once. All else is left to the library.
      if (is_exact && digits <= 9007199254740992ULL && exponent >= -22 && exponent <= 22) {
        static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
        const double magnitude = static_cast<double>(digits);
        value = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent];
        if (is_negative) value = -value;
      } else {
        value = std::strtod(text, nullptr);
      }
      return true;
    }

    // The shortest decimal number that reads back to the same double.
    void append(std::string& text, double value) {
      if (std::isnan(value)) {
        text += "nan";
        return;
      }
      if (std::isinf(value)) {
        text += value < 0 ? "-inf" : "inf";
        return;
      }
      char buffer[40];
    #if defined(__cpp_lib_to_chars)
      text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
    #else
      for (int digits = 15; digits <= 17; ++digits) {
        std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        const double back = std::strtod(buffer, nullptr);
        if (back <= value && back >= value) break;
      }
      text += buffer;
    #endif
    }

    void write(std::string& text) {
      if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
        std::fprintf(stderr, "standard output: error: cannot be written\n");
        std::exit(74);
      }
      text.clear();
    }

    }  // namespace

    int main() {
      Records records;
      if (!records.next() || records.is_blank()) fail(0, "there is no header");
      const std::size_t width = records.count();

      // Where each input stands.
      std::vector<std::size_t> places(@MODEL@::input_count);
      if (@MODEL@::inputs_are_named) {
        for (std::size_t i = 0; i < places.size(); ++i) {
          const std::string label = @MODEL@::input(i).label;
          std::size_t found = width;
          // People write `pt, eta`: blanks around a name count only where that tells two apart.
          for (int trims = 0; trims < 2 && found == width; ++trims) {
            for (std::size_t k = 0; k < width; ++k) {
              const std::string name(records.begin(k), records.end(k));
              if (trims == 0 ? name != label : trimmed(name) != trimmed(label)) continue;
              if (found != width) fail(records.line(), "the column \"" + label + "\" is there twice");
              found = k;
            }
          }
          if (found == width) fail(records.line(), "the column \"" + label + "\" is missing");
          places[i] = found;
        }
      } else {
        if (width != places.size()) {
          fail(records.line(), "the model needs " + std::to_string(places.size()) + " columns, there are " + std::to_string(width));
        }
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
      }

      std::string text = "@HEADING@";
      std::vector<double> x(@MODEL@::input_count);
      std::vector<double> out(@MODEL@::output_count);
      std::size_t blank_line = 0;
      while (records.next()) {
        // Blank lines may only end a table: in one of a single column they could also mean a missing value.
        if (records.is_blank()) {
          if (blank_line == 0) blank_line = records.line();
          continue;
        }
        if (blank_line != 0) fail(blank_line, "a blank line inside the table");
        if (records.count() != width) {
          fail(records.line(), "the row has " + std::to_string(records.count()) + " fields, the header has " + std::to_string(width));
        }
        for (std::size_t i = 0; i < x.size(); ++i) {
          const std::size_t k = places[i];
          if (!parse(records.begin(k), records.end(k), x[i])) {
            fail(records.line(), "\"" + std::string(records.begin(k), records.end(k)) + "\" is not a number (column \"" +
                                     @MODEL@::input(i).label + "\")");
          }
        }
        @MODEL@::evaluate(x.data(), out.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
          if (i > 0) text += ',';
          append(text, out[i]);
        }
        text += '\n';
        if (text.size() > 60000) write(text);
      }
      write(text);
      if (std::fflush(stdout) != 0) {
        std::fprintf(stderr, "standard output: error: cannot be written\n");
        return 74;
      }
      return 0;
    }
    """#
}
