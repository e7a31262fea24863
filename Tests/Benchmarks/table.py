"""The figures of a run as Markdown: times of petrify, and how many times as long the others take."""

import tmva

OURS = ["petrify C++", "petrify C", "petrify evaluator", "petrify Swift", "petrify Python"]


def number(value):
    return "–" if value is None else "%.3g" % value if value < 100 else "%d" % round(value)


def ratio(value):
    return "–" if value is None else ("%.2f" if value < 10 else "%.1f" if value < 100 else "%.0f") % value


def peers(report):
    """All peers in the order in which they come."""
    found = []
    for shape in report["shapes"].values():
        for peer in shape["results"]:
            if peer not in found:
                found.append(peer)
    return [peer for peer in OURS if peer in found] + [peer for peer in found if peer not in OURS]


def matrix(report, way, base, rows):
    """A table of one way to hand over events. `base` is the one that is 1."""
    keys = list(report["shapes"])
    lines = ["| | " + " | ".join(report["shapes"][key]["title"] for key in keys) + " |", "|---" * (len(keys) + 1) + "|"]

    def median(key, peer):
        return report["shapes"][key]["results"].get(peer, {}).get("median", {}).get(way)

    if not any(median(key, base) for key in keys):
        return ["Not measured in this run."]
    lines.append("| **%s**, ns an event | " % base + " | ".join(number(median(key, base)) for key in keys) + " |")
    for peer in rows:
        values = [median(key, peer) for key in keys]
        if peer == base or not any(values):
            continue
        cells = [ratio(value / median(key, base)) if value and median(key, base) else "–" for key, value in zip(keys, values)]
        lines.append("| %s | " % peer + " | ".join(cells) + " |")
    return lines


def best_peer(shape, way):
    """The fastest of the others; with a star where it is off by more than rounding explains."""
    found = [
        (result["median"][way], peer, result.get("agreement", {}).get("worst", 0) > 1e-5)
        for peer, result in shape["results"].items()
        if peer not in OURS and peer != "plain walk" and way in result.get("median", {})]
    return min(found, default=None)


def summary(report):
    """A row for each forest: petrify, the fastest peer, and how many times as long that takes."""
    lines = [
        "| forest | one event a call: petrify C++ | fastest other | | all in one call: petrify C++ | evaluator | fastest other | |",
        "|---|---|---|---|---|---|---|---|"]
    for shape in report["shapes"].values():
        def ours(peer, way):
            return shape["results"].get(peer, {}).get("median", {}).get(way)

        cells = [shape["title"]]
        for way, own in (("single", ["petrify C++"]), ("batch", ["petrify C++", "petrify evaluator"])):
            mine = [ours(peer, way) for peer in own]
            cells += ["–" if time is None else number(time) + " ns" for time in mine]
            peer = best_peer(shape, way)
            if peer is None or not any(mine):
                cells += ["–", "–"]
            else:
                cells += [
                    "%s %s%s ns" % (peer[1], number(peer[0]), "\\*" if peer[2] else ""),
                    "%s ×" % ratio(peer[0] / min(time for time in mine if time))]
        lines.append("| " + " | ".join(cells) + " |")
    return lines + ["", "× says how many times as long the fastest other takes as the faster of ours. \\* other scores than the trainer's by more than 1e-5."]


def agreements(report):
    lines = ["| | " + " | ".join(report["shapes"]) + " |", "|---" * (len(report["shapes"]) + 1) + "|"]
    for peer in peers(report):
        cells = []
        for shape in report["shapes"].values():
            found = shape["results"].get(peer, {}).get("agreement")
            if peer == "plain walk" or found is None:
                cells.append("–")
            elif found["equal"] == 1:
                cells.append("all bits")
            else:
                cells.append("%.0f %%, %.0e" % (100 * found["equal"], found["worst"]))
        if any(cell != "–" for cell in cells):
            lines.append("| %s | " % peer + " | ".join(cells) + " |")
    return lines


def builds(report):
    lines = ["| | " + " | ".join(report["shapes"]) + " |", "|---" * (len(report["shapes"]) + 1) + "|"]
    for peer in peers(report):
        cells = []
        for shape in report["shapes"].values():
            facts = shape["results"].get(peer, {}).get("facts") or {}
            if facts.get("source_bytes"):
                program = "" if facts.get("program_bytes") is None else ", %.3g MB" % (facts["program_bytes"] / 1e6)
                cells.append("%.3g s, %.3g MB%s" % (facts["build_s"], facts["source_bytes"] / 1e6, program))
            else:
                cells.append("–")
        if any(cell != "–" for cell in cells) and peer != "plain walk":
            lines.append("| %s | " % peer + " | ".join(cells) + " |")
    return lines


def tmva_table(report):
    factor, keys = tmva.factor(report)
    if "tmva" not in report:
        return []
    if factor is None:
        return ["", "## TMVA", "", "Nothing to compare with: the walk was not measured on a small forest in this run."]
    lines = [
        "", "## TMVA", "",
        "The Reader was timed elsewhere (TMVA 4.2.1, best of 3 to 5). The plain walk took %.2f times as long here as there "
        "(geometric mean over %s); the Reader's times are multiplied by that." % (factor, ", ".join(keys)), "",
        "| model | Reader, scaled, ns | petrify C++ single | petrify C++ batch | evaluator single | evaluator batch | Reader ÷ C++ single |",
        "|---|---|---|---|---|---|---|"]
    for model in report["tmva"].values():
        reader, median = factor * model["reader_there"], model["median"]
        times = [median[target][way] for target in ("cpp", "evaluator") for way in ("single", "batch")]
        cells = [model["title"], number(reader), *map(number, times), ratio(reader / times[0])]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def markdown(report):
    machine, names = report["machine"], peers(report)
    refusals = [
        "* %s, %s: %s" % (peer, key, reason.replace("|", "/"))
        for key, shape in report["shapes"].items() for peer, reason in shape["refused"].items()]
    lines = [
        "# How fast", "",
        "%s, %d cores, one used, load %.1f at the start; %s; %s. %s." % (
            machine["processor"], machine["cores"], machine["load"], machine["compiler"], machine["date"],
            ", ".join("%s %s" % pair for pair in report["versions"].items())), "",
        "Processor time, medians of %d rounds of all in turn. Events are random and float32, %s of them. C and C++ are compiled with -O2. "
        "A ratio says how many times as long as the first row." % (
            report["rounds"], " or ".join(sorted({str(shape["batch"]) for shape in report["shapes"].values()}, reverse=True))), "",
        "## In short", "", *summary(report), "",
        "## One event a call, from C or C++", "", *matrix(report, "single", "petrify C++", names), "",
        "## One call for all events", "", *matrix(report, "batch", "petrify C++", names), "",
        "The same against the evaluator (`petrify score`, the library):", "", *matrix(report, "batch", "petrify evaluator", names), "",
        "## One event a call, from Python", "", *matrix(report, "python", "petrify Python", names), "",
        "## Agreement with petrify's scores", "",
        "Share of events with equal bits, and the largest distance. petrify's own are those of the trainers (see the tests).", "",
        *agreements(report), "",
        "## Building", "", "Processor time to write and compile, source, program.", "", *builds(report),
        *tmva_table(report), "", "## Not measured", "", *refusals, ""]
    return "\n".join(lines)
