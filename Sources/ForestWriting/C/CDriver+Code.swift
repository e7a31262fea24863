extension CDriver {
  /// The program; `@MODEL@` stands for the model's name.
  static let code = #"""

    #include <stdarg.h>
    #include <stdio.h>

    // Ends the program because of what the table says. Line 0: the table as a whole.
    static void fail(size_t line, const char* format, ...) {
      va_list arguments;
      fflush(stdout);
      fputs("standard input:", stderr);
      if (line > 0) fprintf(stderr, "%lu:", (unsigned long)line);
      fputs(" error: ", stderr);
      va_start(arguments, format);
      vfprintf(stderr, format, arguments);
      va_end(arguments);
      fputc('\n', stderr);
      exit(65);
    }

    static void* enlarged(void* memory, size_t count, size_t size) {
      void* larger = count > (size_t)-1 / size ? NULL : realloc(memory, count * size);
      if (larger == NULL) {
        fputs("standard input: error: a line is too long for this machine's memory\n", stderr);
        exit(70);
      }
      return larger;
    }

    // ---- Standard input, record by record, as RFC 4180 has it; lines end in LF or CR LF ----

    typedef struct Records {
      unsigned char buffer[1 << 16];
      size_t position;
      size_t filled;
      size_t line;
      size_t next_line;
      bool is_quoted;
      // The fields, one behind the other, with a zero byte behind each.
      char* text;
      size_t text_count;
      size_t text_room;
      // Where each field begins, and where one more would.
      size_t* starts;
      size_t start_count;
      size_t start_room;
    } Records;

    // Reads on; the first byte, or EOF.
    static int refill(Records* records) {
      records->filled = fread(records->buffer, 1, sizeof records->buffer, stdin);
      records->position = 1;
      if (records->filled > 0) return records->buffer[0];
      records->position = 0;
      if (ferror(stdin)) {
        fputs("standard input: error: cannot be read\n", stderr);
        exit(74);
      }
      return EOF;
    }

    static int get(Records* records) {
      return records->position < records->filled ? records->buffer[records->position++] : refill(records);
    }

    static void put(Records* records, int c) {
      if (records->text_count == records->text_room) {
        records->text_room = 2 * records->text_room + 256;
        records->text = (char*)enlarged(records->text, records->text_room, 1);
      }
      records->text[records->text_count++] = (char)c;
    }

    static void begin_field(Records* records) {
      if (records->start_count == records->start_room) {
        records->start_room = 2 * records->start_room + 64;
        records->starts = (size_t*)enlarged(records->starts, records->start_room, sizeof(size_t));
      }
      records->starts[records->start_count++] = records->text_count;
    }

    static void open_records(Records* records) {
      memset(records, 0, sizeof *records);
      records->next_line = 1;
      refill(records);
      records->position = 0;
      // A UTF-8 byte order mark.
      if (records->filled >= 3 && memcmp(records->buffer, "\xEF\xBB\xBF", 3) == 0) records->position = 3;
    }

    // Goes to the next record; false at the end.
    static bool next_record(Records* records) {
      int c = get(records);
      records->text_count = 0;
      records->start_count = 0;
      if (c == EOF) return false;
      records->line = records->next_line;
      records->is_quoted = c == '"';
      for (;;) {
        begin_field(records);
        if (c == '"') {
          for (;;) {
            c = get(records);
            if (c == EOF) fail(records->line, "a quote is never closed");
            if (c == '"') {
              c = get(records);
              if (c != '"') break;
            }
            if (c == '\n') ++records->next_line;
            put(records, c);
          }
        } else {
          while (c != ',' && c != '\n' && c != '\r' && c != EOF) {
            if (c == '"') fail(records->next_line, "a quote inside a field that does not begin with one");
            put(records, c);
            c = get(records);
          }
        }
        put(records, '\0');
        if (c == ',') {
          c = get(records);
          continue;
        }
        if (c == '\r') {
          c = get(records);
          if (c != '\n' && c != EOF) fail(records->next_line, "a carriage return without a line feed");
        }
        if (c == '\n') ++records->next_line;
        if (c == '\n' || c == EOF) break;
        fail(records->next_line, "text behind a closing quote");
      }
      begin_field(records);
      return true;
    }

    static size_t field_count(const Records* records) { return records->start_count - 1; }
    // Whether the record is an empty line.
    static bool is_empty_line(const Records* records) { return records->text_count == 1 && !records->is_quoted; }
    // A zero byte follows behind the end.
    static const char* field_begin(const Records* records, size_t field) { return records->text + records->starts[field]; }
    static const char* field_end(const Records* records, size_t field) {
      return records->text + records->starts[field + 1] - 1;
    }

    // ---- Words and numbers ----

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_blank(char c) { return c == ' ' || c == '\t'; }

    // Whether the text is the word, in any case.
    static bool is_word(const char* text, const char* end, const char* word) {
      for (; text != end && *word != '\0'; ++text, ++word) {
        const int c = *text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text;
        if (c != *word) return false;
      }
      return text == end && *word == '\0';
    }

    // Whether two texts are the same, but for blanks around them if `is_trimming`.
    static bool is_same(const char* a, const char* a_end, const char* b, const char* b_end, bool is_trimming) {
      if (is_trimming) {
        while (a != a_end && is_blank(*a)) ++a;
        while (a != a_end && is_blank(a_end[-1])) --a_end;
        while (b != b_end && is_blank(*b)) ++b;
        while (b != b_end && is_blank(b_end[-1])) --b_end;
      }
      return a_end - a == b_end - b && memcmp(a, b, (size_t)(a_end - a)) == 0;
    }

    // The double nearest to a decimal number; false if the text is none. An empty field is NaN.
    static bool parse(const char* text, const char* end, double* value) {
      static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
      const char* p;
      bool is_negative, has_digits = false, is_exact = true;
      // 0.digits: up to 19 of them fit into 64 bits.
      uint64_t digits = 0;
      int taken = 0, part;
      long exponent = 0;
      while (text != end && is_blank(*text)) ++text;
      while (text != end && is_blank(end[-1])) --end;
      *value = (double)NAN;
      if (text == end) return true;
      p = text;
      is_negative = *p == '-';
      if (*p == '-' || *p == '+') ++p;
      if (is_word(p, end, "nan")) return true;
      if (is_word(p, end, "inf") || is_word(p, end, "infinity")) {
        *value = is_negative ? -HUGE_VAL : HUGE_VAL;
        return true;
      }
      for (part = 0; part < 2; ++part) {
        for (; p != end && is_digit(*p); ++p) {
          has_digits = true;
          if (taken < 19) {
            digits = digits * 10 + (uint64_t)(*p - '0');
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
        long power = 0;
        bool is_small;
        ++p;
        is_small = p != end && *p == '-';
        if (p != end && (*p == '-' || *p == '+')) ++p;
        if (p == end) return false;
        for (; p != end && is_digit(*p); ++p) {
          if (power < 100000) power = power * 10 + (*p - '0');
        }
        exponent += is_small ? -power : power;
      }
      if (p != end) return false;
      // Both numbers exact in a double and one operation: the result is rounded once. All else is left to the library.
      if (is_exact && digits <= 9007199254740992ULL && exponent >= -22 && exponent <= 22) {
        const double magnitude = (double)digits;
        *value = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent];
        if (is_negative) *value = -*value;
      } else {
        // The program never leaves the C locale: the decimal point is a point.
        *value = strtod(text, NULL);
      }
      return true;
    }

    // ---- Standard output ----

    static void finish_writing(bool is_well) {
      if (is_well) return;
      fputs("standard output: error: cannot be written\n", stderr);
      exit(74);
    }

    // The shortest decimal number that reads back to the same double.
    static void write_number(double value) {
      char buffer[40];
      if (isnan(value)) {
        strcpy(buffer, "nan");
      } else if (isinf(value)) {
        strcpy(buffer, value < 0 ? "-inf" : "inf");
      } else {
        // 15 digits are always right, and enough for every number that has a text of 15 or fewer; not so for the smallest.
        int digits = fabs(value) < DBL_MIN ? 1 : 15;
        for (; digits <= 17; ++digits) {
          double back;
          snprintf(buffer, sizeof buffer, "%.*g", digits, value);
          back = strtod(buffer, NULL);
          if (back <= value && back >= value) break;
        }
      }
      finish_writing(fputs(buffer, stdout) >= 0);
    }

    // A name, in quotes where CSV wants them.
    static void write_name(const char* name) {
      bool is_well = true;
      if (*name != '\0' && strpbrk(name, ",\"\n\r") == NULL) {
        is_well = fputs(name, stdout) >= 0;
      } else {
        is_well = putchar('"') != EOF;
        for (; *name != '\0'; ++name) is_well = (*name != '"' || putchar('"') != EOF) && putchar(*name) != EOF && is_well;
        is_well = putchar('"') != EOF && is_well;
      }
      finish_writing(is_well);
    }

    // Finds where each input stands in the header's record.
    static void find_columns(const Records* records, size_t* places) {
      const size_t width = field_count(records);
      for (size_t i = 0; i < @MODEL@_input_count; ++i) {
        const char* label = @MODEL@_input(i)->label;
        const char* label_end = label + strlen(label);
        size_t found = width;
        if (!@MODEL@_inputs_are_named) {
          if (width != @MODEL@_input_count) {
            fail(records->line, "the model needs %lu columns, there are %lu", (unsigned long)@MODEL@_input_count,
                 (unsigned long)width);
          }
          places[i] = i;
          continue;
        }
        // People write `pt, eta`: blanks around a name count only where that tells two apart.
        for (int trims = 0; trims < 2 && found == width; ++trims) {
          for (size_t k = 0; k < width; ++k) {
            if (!is_same(field_begin(records, k), field_end(records, k), label, label_end, trims == 1)) continue;
            if (found != width) fail(records->line, "the column \"%s\" is there twice", label);
            found = k;
          }
        }
        if (found == width) fail(records->line, "the column \"%s\" is missing", label);
        places[i] = found;
      }
    }

    int main(void) {
      static Records records;
      static size_t places[@MODEL@_input_count];
      static double x[@MODEL@_input_count];
      static double out[@MODEL@_output_count];
      size_t width, blank_line = 0;
      open_records(&records);
      if (!next_record(&records) || is_empty_line(&records)) fail(0, "there is no header");
      width = field_count(&records);
      find_columns(&records, places);
      for (size_t i = 0; i < @MODEL@_output_count; ++i) {
        if (i > 0) finish_writing(putchar(',') != EOF);
        write_name(@MODEL@_output(i)->name);
      }
      finish_writing(putchar('\n') != EOF);
      while (next_record(&records)) {
        // Blank lines may only end a table: in one of a single column they could also mean a missing value.
        if (is_empty_line(&records)) {
          if (blank_line == 0) blank_line = records.line;
          continue;
        }
        if (blank_line != 0) fail(blank_line, "a blank line inside the table");
        if (field_count(&records) != width) {
          fail(records.line, "the row has %lu fields, the header has %lu", (unsigned long)field_count(&records),
               (unsigned long)width);
        }
        for (size_t i = 0; i < @MODEL@_input_count; ++i) {
          const char* field = field_begin(&records, places[i]);
          if (!parse(field, field_end(&records, places[i]), x + i)) {
            fail(records.line, "\"%s\" is not a number (column \"%s\")", field, @MODEL@_input(i)->label);
          }
        }
        @MODEL@_evaluate(x, out);
        for (size_t i = 0; i < @MODEL@_output_count; ++i) {
          if (i > 0) finish_writing(putchar(',') != EOF);
          write_number(out[i]);
        }
        finish_writing(putchar('\n') != EOF);
      }
      finish_writing(fflush(stdout) == 0);
      free(records.text);
      free(records.starts);
      return 0;
    }
    """#
}
