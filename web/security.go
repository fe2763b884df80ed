package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"sanad/platform/fault"
)

// What one request may send. Uploads have their own bound on their own routes.
const (
	bodyLimit   = 1 << 20
	uploadLimit = 64 << 20
)

// contentPolicy lets a page load only what this server itself serves, run no script
// and use no style that stands inside the page, and be framed by nobody.
const contentPolicy = "default-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// protect puts the security headers on every answer and refuses requests that
// change something and come from another site (Fetch metadata, else Origin).
func (s *site) protect(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(s.begin(w, r), fault.Forbidden("web.foreign_request"))
	}))
	guarded := guard.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, "/assets/") {
			h.Set("Cache-Control", "no-store") // shared counters: nothing of a family stays in the browser
		}
		if s.secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		guarded.ServeHTTP(w, r)
	})
}

// secure tells whether the reader's line is encrypted. Only then may cookies be
// marked Secure; a demonstration on the loopback address has no certificate.
func (s *site) secure(r *http.Request) bool { return s.Secure || r.TLS != nil }

// cookie reads one of our cookies, empty where there is none.
func (s *site) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie keeps a value in the reader's browser, for this host only and out
// of reach of scripts. A life of zero lasts until the browser closes.
func (s *site) setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(r, name), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode,
	})
}

func (s *site) dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	s.setCookie(w, r, name, "", -time.Second)
}

func (s *site) cookieName(r *http.Request, name string) string {
	if s.secure(r) {
		return "__Host-sanad-" + name
	}
	return "sanad-" + name
}

// formToken returns what every form of this reader must send back. It follows
// from a cookie that no other site can read or set, and needs no memory of the
// server: a form that was open when the power failed can still be sent.
func (s *site) formToken(w http.ResponseWriter, r *http.Request) string {
	seed := s.cookie(r, "form")
	if len(seed) != 32 {
		seed = freshSeed()
		s.setCookie(w, r, "form", seed, 365*24*time.Hour)
	}
	return tokenOf(seed)
}

func freshSeed() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its documentation
	return hex.EncodeToString(b[:])
}

func tokenOf(seed string) string {
	sum := sha256.Sum256([]byte("sanad form " + seed))
	return hex.EncodeToString(sum[:16])
}

// checkToken refuses a form that was not given out to this reader.
func (s *site) checkToken(r *http.Request) error {
	seed := s.cookie(r, "form")
	sent := r.PostFormValue("token")
	if seed == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(tokenOf(seed))) != 1 {
		return fault.Forbidden("web.stale_form")
	}
	return nil
}
