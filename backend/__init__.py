"""The thin central service: booking, queue, cases, custody, ledger."""
