package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"sanad/platform/store"
)

// file is one form in which an endpoint sends a file.
type file struct {
	contentType string
	schema      *huma.Schema
}

var plainText = &huma.Schema{Type: huma.TypeString}

// sends registers an endpoint that answers with a file. It lies on disk, whole,
// before its first byte leaves: so a refusal half-way is still a problem document,
// what was looked at is in the journal first, and a nation fits.
func sends[I any](d *door, e endpoint, forms []file, write func(ctx context.Context, in *I, w io.Writer) (contentType string, err error)) {
	op := e.operation()
	content := map[string]*huma.MediaType{}
	for _, f := range forms {
		content[f.contentType] = &huma.MediaType{Schema: f.schema}
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		spool, err := os.CreateTemp("", "sanad-answer-*")
		if err != nil {
			return nil, err
		}
		if err := os.Remove(spool.Name()); err != nil { // it lives as long as it is open
			return nil, errors.Join(err, spool.Close())
		}
		buffered := bufio.NewWriter(spool)
		contentType, err := write(ctx, in, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		if err == nil {
			_, err = spool.Seek(0, io.SeekStart)
		}
		if err != nil {
			return nil, errors.Join(err, spool.Close())
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer spool.Close()
			ctx.SetHeader("Content-Type", contentType)
			ctx.SetStatus(http.StatusOK)
			_, _ = io.Copy(ctx.BodyWriter(), spool) // the reader may be gone
		}}, nil
	})
}

// sendsFrom is sends for what is read from one snapshot.
func sendsFrom[I any](d *door, e endpoint, forms []file, write func(tx *store.Tx, in *I, w io.Writer) (string, error)) {
	sends(d, e, forms, func(ctx context.Context, in *I, w io.Writer) (contentType string, err error) {
		err = d.Journal.Read(ctx, callerOf(ctx).session, func(tx *store.Tx) (err error) {
			contentType, err = write(tx, in, w)
			return err
		})
		return contentType, err
	})
}
