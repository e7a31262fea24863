extension BenchmarkSource {
  var python: String {
    """
    import sys
    import time
    from array import array

    import \(name) as model


    def nanoseconds(budget, count, work):
        while True:
            start = time.process_time_ns()
            work(count)
            taken = time.process_time_ns() - start
            if taken >= budget:
                return taken / count
            count *= 2


    mode, path, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
    numbers = array("\(isFloat ? "f" : "d")")
    with open(path, "rb") as file:
        numbers.fromfile(file, rows * model.INPUT_COUNT)
    events = [numbers[i : i + model.INPUT_COUNT].tolist() for i in range(0, len(numbers), model.INPUT_COUNT)]
    if mode == "check":
        with open(sys.argv[4], "wb") as file:
            for results in ([model.evaluate(event) for event in events], model.evaluate(events)):
                array("d", [float(number) for row in results for number in row]).tofile(file)
        sys.exit()
    row = int(sys.argv[4])
    budget = 1e6 * float(sys.argv[5])
    checksum = 0.0


    def one_by_one(count):
        global row, checksum
        for _ in range(count):
            checksum += sum(model.evaluate(events[row]))
            row = (row + 1) % rows


    def all_at_once(count):
        global checksum
        for _ in range(count):
            for results in model.evaluate(events):
                checksum += sum(results)


    single = nanoseconds(budget, 16, one_by_one)
    batch = nanoseconds(budget, 1, all_at_once)
    print("%.6g %.6g %.17g" % (single, batch / rows, checksum))

    """
  }
}
