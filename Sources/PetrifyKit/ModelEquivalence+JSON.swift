import ForestIR
import ForestVerification

extension ModelEquivalence {
  /// The comparison as JSON, for programs; numbers are exact.
  public var json: String {
    var text = JSONText(layout: .readable)
    text.object(.lines) { text in
      text.name("petrify")
      text.string(PetrifyTool.version)
      text.name("finding")
      text.string(finding.description)
      for (name, model) in [("a", a), ("b", b)] as [(StaticString, PetrifiedModel)] {
        text.name(name)
        text.object(.line) { text in
          text.name("file")
          text.string(model.path)
          text.name("digest")
          text.string(model.digest)
          text.name("trees")
          text.integer(model.treeCount)
        }
      }
      text.name("float32_inputs")
      text.bool(found.domain.contains(.float32))
      text.name("without_missing")
      text.bool(found.domain.contains(.withoutNaN))
      text.name("matched_by_position")
      text.bool(found.inputs.isByPosition)
      text.name("inputs")
      list(&text, found.inputs.pairs) { pair, text in
        if let index = pair.a {
          text.name("a")
          text.string(a.inputs[index])
        }
        if let index = pair.b {
          text.name("b")
          text.string(b.inputs[index])
        }
      }
      text.name("results")
      list(&text, results) { result, text in
        text.name("a")
        text.string(result.a)
        text.name("b")
        text.string(result.b)
        text.name("finding")
        text.string(result.finding.description)
        text.name("differing_rows")
        text.integer(result.differingRows)
        text.name("worst_ulp")
        text.integer(Int(clamping: result.worstULP))
        text.name("worst_delta")
        text.number(result.worstDelta)
        text.name("nan_disagreements")
        text.integer(result.verdict.nanDisagreements)
      }
      text.name("probed_rows")
      text.integer(probedRows)
      text.name("refused_rows")
      text.integer(found.refusedRows)
      text.name("covers_all_splits")
      text.bool(found.coversAllBorders)
      text.name("parting")
      list(&text, found.isProved ? [] : Array(found.parting.prefix(100))) { parting, text in
        if let tree = parting.treeA {
          text.name("tree_a")
          text.integer(tree)
        }
        if let tree = parting.treeB {
          text.name("tree_b")
          text.integer(tree)
        }
        text.name("what")
        text.string(words(for: parting))
      }
      if let narrower = found.narrowerDomain {
        text.name("same_for")
        text.object(.line) { text in
          text.name("float32_inputs")
          text.bool(narrower.contains(.float32))
          text.name("without_missing")
          text.bool(narrower.contains(.withoutNaN))
        }
      }
      if let example = found.example {
        text.name("example")
        text.object(.lines) { text in
          text.name("inputs")
          text.numbers(example.inputs)
          text.name("a")
          text.numbers(example.a)
          text.name("b")
          text.numbers(example.b)
        }
      }
    }
    text.finish()
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private func list<Element>(_ text: inout JSONText, _ elements: [Element], _ write: (Element, inout JSONText) -> Void) {
    text.array(.lines) { text in
      for element in elements {
        text.next()
        text.object(.line) { write(element, &$0) }
      }
    }
  }
}
