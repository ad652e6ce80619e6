"""The W3C VC API 0.7: credentials issued and verified over HTTP, for conformity tests and trials.

    issuing       who signs, and one credential signed
    app           the Flask application: requests in, answers and RFC 9457 problems out
    tls           certificates for https, given or made for the occasion
    contexts      what it reads besides the contexts that verifiers carry

It signs everything that it is given. So it never serves everybody with a key that was given to it: it draws a trial key
(`did:key`) for itself, or it asks every caller for a token.
"""
