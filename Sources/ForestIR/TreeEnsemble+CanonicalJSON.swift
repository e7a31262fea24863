extension TreeEnsemble {
  /// The members of a `trees` step.
  func writeMembers(to text: inout JSONText) {
    text.name("width")
    text.string(width.rawValue)
    text.name("fold")
    switch fold {
    case .sum(let start):
      text.string("sum")
      text.name("start")
      text.numbers(start.elements)
    case .each:
      text.string("each")
    }
    if groups.contains(where: { $0 != 0 }) {
      text.name("groups")
      text.integers(groups)
    }
    if let weights {
      text.name("weights")
      text.numbers(weights.elements)
    }
    text.name("trees")
    text.array(.lines) { text in
      for tree in trees {
        text.next()
        tree.write(to: &text)
      }
    }
  }
}

extension Tree {
  /// Splits are rows, one a line: `[feature, test, threshold, where NaN goes, left, right]`. A child that is not negative
  /// is the index of a split; −1 is leaf 0, −2 is leaf 1, and so on.
  fileprivate func write(to text: inout JSONText) {
    text.object(.lines) { text in
      text.name("splits")
      text.array(.lines) { text in
        for split in splits {
          text.next()
          split.write(to: &text)
        }
      }
      text.name("leaves")
      text.numbers(leaves)
      if leafWidth != 1 {
        text.name("leaf_width")
        text.integer(leafWidth)
      }
      if let leafNumbers {
        text.name("leaf_numbers")
        text.integers(leafNumbers)
      }
      if !linearForms.isEmpty {
        text.name("linear_forms")
        text.array(.lines) { text in
          for form in linearForms {
            text.next()
            text.object(.line) { text in
              text.name("offset")
              text.number(form.offset)
              text.name("coefficients")
              text.numbers(form.coefficients)
            }
          }
        }
      }
      if let leafForms {
        text.name("leaf_forms")
        text.array(.lines) { text in
          for form in leafForms {
            text.next()
            text.object(.line) { text in
              text.name("offset")
              text.number(form.offset)
              text.name("features")
              text.integers(form.features)
              text.name("coefficients")
              text.numbers(form.coefficients)
            }
          }
        }
      }
      if !categorySets.isEmpty {
        text.name("category_sets")
        text.array(.lines) { text in
          for set in categorySets {
            text.next()
            text.integers(set.words)
          }
        }
      }
    }
  }
}

extension Split {
  fileprivate func write(to text: inout JSONText) {
    text.array(.line) { text in
      text.next()
      text.integer(Int(feature))
      text.next()
      text.string(test.sign)
      text.next()
      text.number(threshold)
      text.next()
      // Without its type the literal would be a `String`, to be searched for characters to escape.
      text.string((nanGoesLeft ? "left" : "right") as StaticString)
      text.next()
      text.integer(Int(left.code))
      text.next()
      text.integer(Int(right.code))
    }
  }
}

extension Split.Test {
  /// How the canonical form writes the test.
  package var sign: StaticString {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .linearLessOrEqual: "linear<="
    case .inSet: "in"
    }
  }
}
