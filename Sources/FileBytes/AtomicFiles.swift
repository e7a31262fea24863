#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A set of files written into one directory, so that each is complete or absent.
///
/// All are written under temporary names first; only when the last byte of the last file is on its way are they
/// renamed. After an error nothing temporary is left, and a directory made for them is removed again.
package enum AtomicFiles {
  /// One file of the set.
  package struct File: Sendable {
    /// Its name, without a folder.
    package var name: String
    /// What it holds.
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }

    package init(name: String, text: String) {
      self.init(name: name, bytes: Array(text.utf8))
    }
  }

  /// Writes the files into `directory`, which is made if it is missing, with the folders above it.
  package static func write(_ files: [File], into directory: String) throws(FileError) {
    for file in files where file.name.isEmpty || file.name.utf8.contains(UInt8(ascii: "/")) {
      throw FileError.writing("\(directory)/\(file.name)", "create the file", EINVAL)
    }
    let made = try makeDirectory(directory)
    do {
      let folder = directory.hasSuffix("/") ? directory : directory + "/"
      // A noncopyable value cannot be kept in an array, so each pending file stays in a box of its own.
      var pending: [PendingFile] = []
      for file in files {
        let next = PendingFile(try OutputFile(path: folder + file.name))
        try next.output.write(file.bytes)
        try next.output.flush()
        pending.append(next)
      }
      for file in pending { try file.output.finish() }
    } catch {
      // A directory that is not empty (some file already has its name) stays: `rmdir` does not remove it.
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
  }

  /// Makes a directory and those above it; the result are the ones that were not there, outermost first.
  private static func makeDirectory(_ path: String) throws(FileError) -> [String] {
    var made: [String] = []
    var ends = path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") && $0 != path.startIndex }
    ends.append(path.endIndex)
    for end in ends {
      let folder = String(path[..<end])
      if mkdir(folder, 0o777) == 0 {
        made.append(folder)
        continue
      }
      let code = errno
      var status = stat()
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        for folder in made.reversed() { rmdir(folder) }
        throw FileError.writing(path, "make the directory", code == EEXIST ? ENOTDIR : code)
      }
    }
    return made
  }
}

private final class PendingFile {
  var output: OutputFile

  init(_ output: consuming OutputFile) {
    self.output = output
  }
}
