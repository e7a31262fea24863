import ForestIR

extension ModelSummary {
  /// The summary for programs: one JSON object, the same bytes every time, ending in a line end.
  ///
  /// | key | value |
  /// |---|---|
  /// | `petrify` | the version of this program |
  /// | `file`, `format`, `kind`, `trainer` | texts |
  /// | `facts` | objects of `name` and `value` |
  /// | `forest` | `trees`, `constant_trees`, `splits`, `linear_splits`, `leaves`, `depth`, `input_precision`, `transformations` |
  /// | `inputs` | in order: `label`, `expression`, `title`, `unit`, `integer`, `selector`, `splits`, and `lowest` and `highest` where known |
  /// | `mixed_features` | what trees read that mixes several inputs: `index`, `splits` |
  /// | `outputs` | in order: `name`, `meaning`, `role`, `precision`, `printed`, and `lowest`, `highest`, `exceptions` where known |
  /// | `choices`, `oddities` | objects of `place` and `text` |
  /// | `source_sha256` | of the uncompressed file; absent if unknown |
  /// | `digest` | identifies what is computed |
  /// | `name` | the base name of emitted files |
  ///
  /// Infinities and NaN are the strings `"Infinity"`, `"-Infinity"`, `"NaN"`. Keys may be added, not changed.
  public var json: String {
    var text = JSONText(layout: .readable)
    text.object(.lines) { text in
      text.name("petrify")
      text.string(PetrifyTool.version)
      text.name("file")
      text.string(fileName)
      text.name("format")
      text.string(format)
      text.name("kind")
      text.string(kind)
      text.name("trainer")
      text.string(trainer)
      text.name("facts")
      text.list(facts) { fact, text in
        text.name("name")
        text.string(fact.name)
        text.name("value")
        text.string(fact.value)
      }
      text.name("forest")
      writeForest(&text)
      text.name("inputs")
      text.list(inputs) { $0.write(&$1) }
      text.name("mixed_features")
      text.list(mixedFeatures) { feature, text in
        text.name("index")
        text.integer(feature.index)
        text.name("splits")
        text.integer(feature.splits)
      }
      text.name("outputs")
      text.list(outputs) { $0.write(&$1) }
      text.name("choices")
      text.list(choices) { $0.write(&$1) }
      text.name("oddities")
      text.list(oddities) { $0.write(&$1) }
      if let sourceSHA256 {
        text.name("source_sha256")
        text.string(sourceSHA256)
      }
      text.name("digest")
      text.string(digest)
      text.name("name")
      text.string(defaultName)
    }
    text.finish()
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private func writeForest(_ text: inout JSONText) {
    text.object(.lines) { text in
      text.name("trees")
      text.integer(trees)
      text.name("constant_trees")
      text.integer(constantTrees)
      text.name("splits")
      text.integer(splits)
      text.name("linear_splits")
      text.integer(linearSplits)
      text.name("leaves")
      text.integer(leaves)
      text.name("depth")
      text.integer(depth)
      text.name("input_precision")
      text.string(inputPrecision)
      text.name("transformations")
      text.array(.lines) { text in
        for transformation in transformations {
          text.next()
          text.string(transformation)
        }
      }
    }
  }
}

extension JSONText {
  /// An array of objects, each on a line of its own.
  fileprivate mutating func list<Element>(_ elements: [Element], _ write: (Element, inout JSONText) -> Void) {
    array(.lines) { text in
      for element in elements {
        text.next()
        text.object(.line) { write(element, &$0) }
      }
    }
  }
}

extension ModelSummary.InputSummary {
  fileprivate func write(_ text: inout JSONText) {
    text.name("label")
    text.string(label)
    text.name("expression")
    text.string(expression)
    text.name("title")
    text.string(title)
    text.name("unit")
    text.string(unit)
    text.name("integer")
    text.bool(isInteger)
    text.name("selector")
    text.bool(isSelector)
    text.name("splits")
    text.integer(splits)
    if let trainingRange {
      text.name("lowest")
      text.number(trainingRange.lowest)
      text.name("highest")
      text.number(trainingRange.highest)
    }
  }
}

extension ModelSummary.OutputSummary {
  fileprivate func write(_ text: inout JSONText) {
    text.name("name")
    text.string(name)
    text.name("meaning")
    text.string(meaning)
    text.name("role")
    text.string(role)
    text.name("precision")
    text.string(precision)
    text.name("printed")
    text.bool(isPrinted)
    if let range {
      text.name("lowest")
      text.number(range.lowest)
      text.name("highest")
      text.number(range.highest)
      text.name("exceptions")
      text.numbers(range.exceptions)
    }
  }
}

extension ModelSummary.Remark {
  fileprivate func write(_ text: inout JSONText) {
    text.name("place")
    text.string(place)
    text.name("text")
    text.string(self.text)
  }
}
