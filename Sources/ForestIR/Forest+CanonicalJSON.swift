// The canonical JSON form of a forest: everything the IR says, so that reading it back gives an equal forest.
// `forest.schema.json` beside this file describes it.
//
// Names are always written in the same order. What may be absent in the IR is absent here (no nulls), and so are the
// groups of trees that all add to output 0.

extension Forest {
  /// The version of the canonical form. A reader refuses any other.
  package static let canonicalVersion = 1

  /// The canonical JSON form, UTF-8. Equal bytes mean the same forest, to the last bit; two forests that differ only in the
  /// sign of a zero are equal to `==`, and differ here.
  ///
  /// - Complexity: O(nodes).
  package var canonicalJSON: [UInt8] {
    var text = JSONText(layout: .readable)
    text.object(.lines) { text in
      text.name("format")
      text.string("petrify-forest")
      text.name("format_version")
      text.integer(Forest.canonicalVersion)
      text.name("inputs")
      text.array(.lines) { text in
        for input in inputs {
          text.next()
          input.write(to: &text)
        }
      }
      text.name("columns")
      text.array(.lines) { text in
        for column in columns {
          text.next()
          column.write(to: &text)
        }
      }
      text.name("model")
      model.write(to: &text)
      text.name("provenance")
      provenance.write(to: &text)
    }
    text.finish()
    return text.bytes
  }

  /// What the forest computes, without what is only told to people: two files of equal meaning have equal bytes here,
  /// wherever they came from.
  ///
  /// It holds the inputs' labels, the model, and the columns' names, roles and widths, as compact JSON. Captions, units,
  /// expressions, training ranges, the columns' sentences and the provenance are left out.
  ///
  /// - Complexity: O(nodes).
  package var meaningBytes: [UInt8] {
    var bytes: [UInt8] = []
    forEachPieceOfMeaning { bytes += $0 }
    return bytes
  }

  /// Calls `body` with `meaningBytes` piece by piece, in order; memory does not grow with the forest.
  package func forEachPieceOfMeaning(_ body: @escaping ([UInt8]) -> Void) {
    var text = JSONText(layout: .compact, receiver: body)
    text.object(.line) { text in
      text.name("format")
      text.string("petrify-forest-meaning")
      text.name("format_version")
      text.integer(Forest.canonicalVersion)
      text.name("inputs")
      text.array(.line) { text in
        for input in inputs {
          text.next()
          text.object(.line) { text in
            text.name("label")
            text.string(input.label)
            text.name("unnamed")
            text.bool(input.isUnnamed)
          }
        }
      }
      text.name("columns")
      text.array(.line) { text in
        for column in columns {
          text.next()
          text.object(.line) { column.writeIdentity(to: &$0) }
        }
      }
      text.name("model")
      model.write(to: &text)
    }
    text.finish()
  }
}

extension Input {
  fileprivate func write(to text: inout JSONText) {
    text.object(.line) { text in
      text.name("label")
      text.string(label)
      text.name("unnamed")
      text.bool(isUnnamed)
      text.name("expression")
      text.string(expression)
      text.name("title")
      text.string(title)
      text.name("unit")
      text.string(unit)
      text.name("kind")
      text.string(kind.rawValue)
      text.name("role")
      text.string(role.rawValue)
      if let trainingRange {
        text.name("training_range")
        text.numbers([trainingRange.lowest, trainingRange.highest])
      }
    }
  }
}

extension Column {
  fileprivate func write(to text: inout JSONText) {
    text.object(.line) { text in
      writeIdentity(to: &text)
      text.name("meaning")
      text.string(meaning)
    }
  }

  /// The members that programs depend on.
  fileprivate func writeIdentity(to text: inout JSONText) {
    text.name("name")
    text.string(name)
    text.name("role")
    text.string(role.rawValue)
    text.name("width")
    text.string(width.rawValue)
    text.name("printed")
    text.bool(isPrinted)
  }
}

extension Provenance {
  fileprivate func write(to text: inout JSONText) {
    text.object(.lines) { text in
      text.name("trainer")
      text.string(trainer)
      text.name("kind")
      text.string(kind)
      text.name("format")
      text.string(format)
      if let source {
        text.name("source")
        text.object(.line) { text in
          text.name("file_name")
          text.string(source.fileName)
          text.name("sha256")
          text.string(source.sha256)
        }
      }
      text.name("facts")
      text.array(.lines) { text in
        for fact in facts {
          text.next()
          text.object(.line) { text in
            text.name("name")
            text.string(fact.name)
            text.name("value")
            text.string(fact.value)
          }
        }
      }
      text.name("notes")
      text.array(.lines) { text in
        for note in notes {
          text.next()
          text.object(.line) { text in
            text.name("kind")
            text.string(note.kind.rawValue)
            text.name("place")
            text.string(note.place)
            text.name("text")
            text.string(note.text)
          }
        }
      }
    }
  }
}
