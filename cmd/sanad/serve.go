package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"sanad/api"
	"sanad/delivery/matching/search"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/text"
	"sanad/web"
)

type serveCommand struct {
	Listen string `help:"Address to serve pages and REST on." default:"127.0.0.1:8080" placeholder:"ADDR"`
	Secure bool   `help:"A proxy before us speaks TLS: cookies are Secure."`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	code, err := access.Gate{Journal: n.Journal}.FirstRunCode(ctx)
	if err != nil {
		return err
	}
	if code != "" {
		fmt.Fprintln(s.err, text.Say(text.Language(l.Language), "sanad.first_run", "code", code, "address", c.Listen))
	}
	return n.serve(ctx, c.Listen, s, web.Config{Journal: n.Journal, Secure: c.Secure, Country: n.pack, Folder: n.line.Data})
}

// How long a running node waits between signed checkpoints, which stay in the
// database, and between anchors, which replace each other beside its keys.
const (
	checkpointEvery = time.Hour
	anchorEvery     = time.Minute
)

// serve listens, serves and signs checkpoints until ctx ends.
func (n *node) serve(ctx context.Context, address string, s streams, config web.Config) error {
	config.Search = search.New()
	handler, err := n.handler(config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fault.Unavailable("sanad.cannot_listen", "address", address).Because(err)
	}
	server := web.Server(address, handler)
	go func() {
		<-ctx.Done()
		grace, stop := context.WithTimeout(context.Background(), 10*time.Second)
		defer stop()
		_ = server.Shutdown(grace)
	}()
	go n.signRegularly(ctx)
	go n.keepSearching(ctx, config.Search)
	fmt.Fprintf(s.err, "http://%s\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (n *node) signRegularly(ctx context.Context) {
	tick, anchor := time.NewTicker(checkpointEvery), time.NewTicker(anchorEvery)
	defer tick.Stop()
	defer anchor.Stop()
	for {
		select {
		case <-tick.C:
			_, err := n.Checkpoint(ctx)
			tellUnsigned(err)
		case <-anchor.C:
			tellUnsigned(n.Anchor(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// warmEvery is how long the index of names may lag behind while nobody asks: a
// question itself waits for what is new.
const warmEvery = 5 * time.Second

// keepSearching reads the index of names before the first question, and what is
// new in it now and then, so that no question waits for much.
func (n *node) keepSearching(ctx context.Context, index *search.Index) {
	tick := time.NewTicker(warmEvery)
	defer tick.Stop()
	for {
		if err := n.Read(ctx, access.System("search index"), index.Warm); err != nil && ctx.Err() == nil {
			slog.Warn("the index of names could not be read", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// tellUnsigned puts a signature that failed into the log: serving goes on and
// the next one says the same and more, but until then a rewritten past is not
// held against it.
func tellUnsigned(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		slog.Warn("the journal could not be signed", "error", err)
	}
}

// handler is everything that this node serves: REST below its prefix, pages
// everywhere else.
func (n *node) handler(config web.Config) (http.Handler, error) {
	pages, err := web.Handler(config)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(api.Prefix+"/", api.Handler(api.Config{Journal: n.Journal, Kinds: kinds, Pack: n.pack, Search: config.Search, Secure: config.Secure}))
	mux.Handle("/", pages)
	return mux, nil
}
