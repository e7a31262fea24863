import ForestIR

extension ForestJSONReader {
  mutating func provenance() throws(ReadError) -> Provenance {
    let place = cursor.here
    var trainer, kind, format: String?
    var source: Provenance.Source?
    var facts: [Provenance.Fact]?
    var notes: [Provenance.Note]?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "trainer": trainer = try cursor.string()
      case "kind": kind = try cursor.string()
      case "format": format = try cursor.string()
      case "source": source = try self.source()
      case "facts": facts = try list { (reader) throws(ReadError) in try reader.fact() }
      case "notes": notes = try list { (reader) throws(ReadError) in try reader.note() }
      default: throw unknown(key)
      }
    }
    return Provenance(
      trainer: try needed(trainer, "trainer", in: place), kind: try needed(kind, "kind", in: place),
      format: try needed(format, "format", in: place), source: source, facts: try needed(facts, "facts", in: place),
      notes: try needed(notes, "notes", in: place))
  }

  private mutating func source() throws(ReadError) -> Provenance.Source {
    let place = cursor.here
    var fileName, sha256: String?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "file_name": fileName = try cursor.string()
      case "sha256": sha256 = try digest()
      default: throw unknown(key)
      }
    }
    return Provenance.Source(
      fileName: try needed(fileName, "file_name", in: place), sha256: try needed(sha256, "sha256", in: place))
  }

  private mutating func digest() throws(ReadError) -> String {
    let place = cursor.here
    let digest = try cursor.string()
    guard digest.utf8.count == 64, digest.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
      throw cursor.fault(.malformed, at: place, "a SHA-256 is written as 64 lower-case hexadecimal digits")
    }
    return digest
  }

  private mutating func fact() throws(ReadError) -> Provenance.Fact {
    let place = cursor.here
    var name, value: String?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "name": name = try cursor.string()
      case "value": value = try cursor.string()
      default: throw unknown(key)
      }
    }
    return Provenance.Fact(try needed(name, "name", in: place), try needed(value, "value", in: place))
  }

  private mutating func note() throws(ReadError) -> Provenance.Note {
    let place = cursor.here
    var kind: Provenance.Note.Kind?
    var noted, text: String?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "kind": kind = try oneOf(Provenance.Note.Kind.self)
      case "place": noted = try cursor.string()
      case "text": text = try cursor.string()
      default: throw unknown(key)
      }
    }
    return Provenance.Note(
      try needed(kind, "kind", in: place), try needed(text, "text", in: place),
      place: try needed(noted, "place", in: place))
  }
}
