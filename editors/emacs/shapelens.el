;;; shapelens.el --- Shapes of tensors while one types, by eglot  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "29.1"))

;;; Commentary:

;; Makes `M-x eglot' start Shapelens in Python buffers.  In init.el:
;;
;;   (load "~/.emacs.d/shapelens.el")
;;   (add-hook 'python-base-mode-hook #'eglot-ensure)
;;
;; Settings are those of the server, by directory or for all:
;;
;;   (setq-default eglot-workspace-configuration
;;                 '(:shapelens (:inlayHints (:placement "endOfLine"))))

;;; Code:

(require 'eglot)

(defvar shapelens-command '("shapelens" "server")
  "The command that starts the server.")

(add-to-list 'eglot-server-programs
             (cons '(python-mode python-ts-mode) (lambda (&rest _) shapelens-command)))

(provide 'shapelens)
;;; shapelens.el ends here
