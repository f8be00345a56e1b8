package disk

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Append adds whole lines to the end of the log at path, under the lock that
// Update takes: of several processes that append, none loses a line. A last
// line that a crash cut short is ended first, so that it spoils no other. A file
// that does not exist is made, though not its folder. The lines are on the disk
// when Append returns.
func (d Disk) Append(path string, lines []byte) error {
	path, err := d.follow(path)
	if err != nil {
		return err
	}
	unlock, err := d.lock(lockOf(path))
	if err != nil {
		return fmt.Errorf("%s: %w", path, Plain(err))
	}
	defer unlock()
	if err := appendTo(path, lines); err != nil {
		return fmt.Errorf("write %s: %w", path, Plain(err))
	}
	return nil
}

func appendTo(path string, lines []byte) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, newMode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if last := make([]byte, 1); end > 0 {
		if _, err := f.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			lines = append([]byte("\n"), lines...)
		}
	}
	if _, err := f.Write(lines); err != nil {
		return errors.Join(err, f.Truncate(end)) // all of the lines or none
	}
	return f.Sync()
}
