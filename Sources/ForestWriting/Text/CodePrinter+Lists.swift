package import Decimals

extension CodePrinter {
  /// Comma-separated items, filled into lines of at most `width` columns, the last without a comma.
  package mutating func filled(_ items: some Sequence<String>, width: Int = 118, separator: StaticString = ", ") {
    filled(items, width: width, separator: separator) { text, item in text.append(item.utf8) }
  }

  /// The same of items that `put` puts down as text.
  ///
  /// Nearly all of a large file are numbers in tables; none of them becomes a `String` on its way.
  package mutating func filled<Item>(
    _ items: some Sequence<Item>, width: Int = 118, separator: StaticString = ", ",
    _ put: (inout TextBuffer, Item) -> Void
  ) {
    let isSpaced = separator.withUTF8Buffer { $0.last == 0x20 }
    let column = width - 1
    var text = TextBuffer(capacity: 1 << 14)
    var isEmpty = true
    text.append(margin)
    for item in items {
      if isEmpty {
        put(&text, item)
        isEmpty = false
        continue
      }
      let end = text.count
      text.append(separator)
      put(&text, item)
      guard text.count > column else { continue }
      // The separator ends the line, without its blank.
      text.truncate(to: end)
      text.append(separator)
      if isSpaced { text.truncate(to: text.count - 1) }
      text.append(0x0A)
      verbatim(text.bytes)
      text.removeAll()
      text.append(margin)
      put(&text, item)
    }
    guard !isEmpty else { return }
    text.append(0x0A)
    verbatim(text.bytes)
  }
}
