"""Links that leave the site: asked for once each, politely and safely, and remembered from run to run.

``verdicts`` says what an answer means, ``ledger`` remembers it, ``collect`` finds the addresses in the corpus,
``client`` asks (``safety``: whom; ``pace``: how often; ``content``: what came), ``run`` asks for all of them,
``archive`` looks for copies, ``health`` and ``report`` say how things stand, ``fix`` writes new addresses into records.
"""
