package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// MaxMessage is the largest message that is read: 128 MiB, a manifest of the largest
// size with every character escaped.
const MaxMessage = 128 << 20

// maxHeader is the longest header line, in bytes.
const maxHeader = 4 << 10

// readFrame reads the body of the next message: headers, an empty line, and as many
// bytes as Content-Length says. The error is io.EOF when the stream ends between
// messages. After another error nothing more can be read: where the next message starts
// is not known.
func readFrame(r *bufio.Reader) ([]byte, error) {
	length := -1
	for n := 0; ; n++ {
		line, err := readHeader(r)
		switch {
		case errors.Is(err, io.EOF) && n == 0 && line == "":
			return nil, io.EOF
		case errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		}
		if line == "" && n > 0 {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("a message header has the line %.40q: expected NAME: VALUE", line)
		}
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 {
			return nil, fmt.Errorf("a message header has the Content-Length %.40q: expected a number of bytes", value)
		}
	}
	switch {
	case length < 0:
		return nil, errors.New("a message header has no Content-Length")
	case length > MaxMessage:
		return nil, fmt.Errorf("a message has %d bytes; the limit is %d", length, MaxMessage)
	}
	// The length is a claim: memory grows with what comes, not with what was announced.
	var body bytes.Buffer
	body.Grow(min(length, 1<<20))
	if _, err := io.CopyN(&body, r, int64(length)); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	return body.Bytes(), nil
}

// readHeader reads a line without its line break.
func readHeader(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxHeader {
			return "", errors.New("a message header has a line that's too long")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(string(line), "\r\n"), err
		}
	}
}

// writeFrame writes a message.
func writeFrame(w io.Writer, body []byte) error {
	if _, err := fmt.Fprintf(w, "Content-Length: %d\r\n\r\n", len(body)); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}
